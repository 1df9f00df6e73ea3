/** Stands in for what our bundles never start: see scripts/tfjs_aliases.mjs. */
export const wasmWorkerContents = "";

export default undefined;
