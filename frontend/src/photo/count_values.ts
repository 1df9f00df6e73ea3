/** Count how often each value occurs. @param values 0..largest. */
export function countValues(values: Iterable<number>, largest: number): Int32Array {
  const histogram = new Int32Array(largest + 1);
  for (const value of values) histogram[value] = (histogram[value] ?? 0) + 1;
  return histogram;
}
