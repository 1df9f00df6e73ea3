/**
 * Stands in for the converter's operations of kinds that no graph of ours may use (strings, images, tables, control flow,
 * ...): see scripts/tfjs_aliases.mjs. `SUPPORTED_GRAPH_OPERATIONS` refuses such a graph by name before it comes to these.
 */
export const json: readonly never[] = [];

export function executeOp(): never {
  throw new Error("operations of this kind are not bundled");
}
