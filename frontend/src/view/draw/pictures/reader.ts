/** The page's side of the photo worker: a file in, strokes out. */
import type { CanvasStrokes } from "../../../photo/canvas_point.ts";
import { checkLength } from "../../../photo/check_picture.ts";
import type { PhotoAnswer, PhotoQuestion } from "../../../photo/messages.ts";
import { PhotoRefusedError } from "../../../photo/refusal.ts";

/** What we need of a `Worker`; tests pass their own. */
export interface PhotoPort {
  postMessage(question: PhotoQuestion, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<PhotoAnswer>) => void): void;
  addEventListener(type: "error", listener: () => void): void;
  terminate(): void;
}

/** Starts a worker for one picture; may throw where the browser forbids it. */
export type OpenReader = () => PhotoPort;

export type ReadPicture = (file: Blob, signal: AbortSignal, onFinding: () => void) => Promise<CanvasStrokes>;

/**
 * Make the function that reads a picture in a worker of its own, which ends with it.
 *
 * It calls `onFinding` when the picture is decoded, gives the strokes of the drawing in it, and throws
 * PhotoRefusedError when there is none to be had, AbortError on `signal`: then the worker is stopped in mid-work.
 */
export function readIn(open: OpenReader): ReadPicture {
  return async (file, signal, onFinding) => {
    signal.throwIfAborted();
    const refusal = checkLength(file.size);
    if (refusal) throw new PhotoRefusedError(refusal);
    const content = await readContent(file);
    signal.throwIfAborted();
    const port = openOrRefuse(open);
    try {
      return await ask(port, content, signal, onFinding);
    } finally {
      port.terminate();
    }
  };
}

/** A folder, or a file that is gone since it was chosen, has none. */
async function readContent(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new PhotoRefusedError("broken");
  }
}

function openOrRefuse(open: OpenReader): PhotoPort {
  try {
    return open();
  } catch {
    throw new PhotoRefusedError("no_reader");
  }
}

function ask(
  port: PhotoPort,
  content: ArrayBuffer,
  signal: AbortSignal,
  onFinding: () => void,
): Promise<CanvasStrokes> {
  return new Promise((resolve, reject) => {
    port.addEventListener("message", ({ data }) => {
      if (data.kind === "finding") onFinding();
      else if (data.kind === "found") resolve(data.strokes);
      else reject(new PhotoRefusedError(data.refusal));
    });
    port.addEventListener("error", () => reject(new PhotoRefusedError("no_reader")));
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    port.postMessage({ content }, [content]);
  });
}
