import type { SelfCheck } from "./manifest.ts";

/**
 * Say whether a freshly loaded network answers the manifest's sample as its trainer saw it answer.
 *
 * @param logits float32, shape (labels): what the network answered to `check.bitmap`.
 */
export function passesSelfCheck(logits: Float32Array, check: SelfCheck): boolean {
  if (logits.length !== check.logits.length) return false;
  // Written so that NaN fails.
  return check.logits.every(
    (expected, index) => Math.abs((logits[index] ?? Number.NaN) - expected) <= check.tolerance,
  );
}
