/**
 * How little a drawing looks like anything the network knows: -log(sum(exp(logits))). Higher is stranger.
 *
 * Source: W. Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020 (temperature 1).
 *
 * @param logits float32, shape (labels); any finite values.
 */
export function energy(logits: ArrayLike<number>): number {
  const values = Array.from(logits);
  const largest = Math.max(...values);
  const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
  return -(largest + Math.log(sum));
}
