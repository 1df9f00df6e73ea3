/**
 * What "io" of tfjs means in our bundles (an alias for "./io/io" in it): reading a graph and its weights from memory. Where
 * files come from is not its business: it would bring HTTP, local storage, IndexedDB and downloads along.
 */
export {
  decodeWeights,
  getModelArtifactsForJSONSync,
  getWeightSpecs,
} from "@tensorflow/tfjs-core/dist/io/io_utils";
export { fromMemorySync } from "@tensorflow/tfjs-core/dist/io/passthrough";

/** Named in the converter's ways to load and save by an address, which nothing here takes. */
export const browserHTTPRequest = undefined;
export const getLoadHandlers = undefined;
export const getSaveHandlers = undefined;
