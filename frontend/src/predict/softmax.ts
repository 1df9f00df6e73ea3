/**
 * Turn logits into probabilities.
 *
 * @param logits float32, shape (labels); any finite values.
 * @returns one probability a label, in the same order; they sum to 1.
 */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
