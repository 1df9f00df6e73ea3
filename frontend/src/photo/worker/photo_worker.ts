/** The photo worker's story: check a picture, decode it, find the drawing in it. It is started for one picture. */
import { checkContent } from "../check_picture.ts";
import { findStrokes } from "../find_strokes.ts";
import type { PhotoAnswer, PhotoQuestion } from "../messages.ts";
import { PhotoRefusedError, type Refusal } from "../refusal.ts";
import { decode } from "./decode.ts";

self.addEventListener("message", ({ data }: MessageEvent<PhotoQuestion>) => {
  void read(data.content).then(say, (error: unknown) => say({ kind: "refused", refusal: refusalOf(error) }));
});

async function read(content: ArrayBuffer): Promise<PhotoAnswer> {
  const refusal = checkContent(content);
  if (refusal) throw new PhotoRefusedError(refusal);
  const colours = await decode(content);
  say({ kind: "finding" });
  return { kind: "found", strokes: findStrokes(colours) };
}

function refusalOf(error: unknown): Refusal {
  return error instanceof PhotoRefusedError ? error.refusal : "no_reader";
}

function say(answer: PhotoAnswer): void {
  self.postMessage(answer);
}
