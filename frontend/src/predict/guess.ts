/** What the network says of one drawing, in the words of its manifest. */
import type { Label, Manifest } from "./manifest.ts";
import { isUnknown } from "./rejection.ts";
import { softmax } from "./softmax.ts";

export interface RankedLabel {
  readonly label: Label;
  /** In [0, 1]. */
  readonly confidence: number;
}

export interface Guess {
  /** Every label, the most likely first. */
  readonly ranked: readonly RankedLabel[];
  /** True when the drawing looks like nothing the network has learnt. */
  readonly unknown: boolean;
  /** The version that guessed. */
  readonly version: string;
}

/**
 * Read the network's logits.
 *
 * @param logits float32, shape (labels), in the order of the manifest's labels.
 * @param bitmap what they are about: uint8, shape (height, width) flattened row-major; 0 paper, 255 ink.
 */
export function readGuess(logits: Float32Array, bitmap: Uint8Array, manifest: Manifest): Guess {
  const confidences = softmax(logits);
  const ranked = manifest.labels.map((label, index) => ({ label, confidence: confidences[index] ?? 0 }));
  ranked.sort((one, other) => other.confidence - one.confidence);
  const unknown = isUnknown(manifest.rejection, logits, bitmap, manifest.input.width);
  return { ranked, unknown, version: manifest.version };
}
