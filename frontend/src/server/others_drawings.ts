/** Asks for drawings of a label that other people made; nothing says whose they are. */
import type { RequestJson } from "./http.ts";
import { LABELS_PATH } from "./labels.ts";

/**
 * Gives other people's drawings of one label: bitmaps in the shape of the label set's, uint8, flattened row-major; 0 paper,
 * 255 ink.
 *
 * @throws RefusedError, UnreachableError.
 */
export type OthersDrawings = (label: string) => Promise<readonly Uint8Array[]>;

const NUM_SHOWN = 12;

/** Make the question. @param request asks the server. */
export function askForOthersDrawings(request: RequestJson): OthersDrawings {
  return async (label) => {
    const path = `${LABELS_PATH}/${encodeURIComponent(label)}/drawings?limit=${NUM_SHOWN}`;
    const { drawings } = (await request(path)).body as { drawings: readonly { bitmap: string }[] };
    return drawings.map(({ bitmap }) => readBase64(bitmap));
  };
}

function readBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
