import type { Plugin } from "vite";

export const WHOLE_WASM: string;
export function trimmedWasm(): Plugin;
export function trimWasm(): Promise<void>;
export function listFunctions(): Promise<Set<string>>;
