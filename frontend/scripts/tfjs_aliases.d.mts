export const tfjsAliases: { find: RegExp; replacement: string }[];
export const TRIMMED_WASM: string;
