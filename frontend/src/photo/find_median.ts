/** Find the smallest value that half of all values do not pass. @param histogram how many there are of each value. */
export function findMedian(histogram: Int32Array): number {
  const num = histogram.reduce((sum, count) => sum + count, 0);
  let passed = 0;
  return histogram.findIndex((count) => {
    passed += count;
    return 2 * passed >= num;
  });
}
