export const tfjsAliases: { find: RegExp; replacement: string }[];
