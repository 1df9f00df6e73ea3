export interface Extent {
  readonly minimum: number;
  /** From the minimum to the maximum. */
  readonly length: number;
}

/**
 * Find how far values reach.
 *
 * @param values one at least.
 * @throws RangeError a value is not finite, or two are too far apart for a number.
 */
export function findExtent(values: readonly number[]): Extent {
  if (!values.every(Number.isFinite)) {
    throw new RangeError("A coordinate of the drawing is not finite; leave such points out.");
  }
  const minimum = values.reduce((least, value) => Math.min(least, value));
  const length = values.reduce((most, value) => Math.max(most, value)) - minimum;
  if (!Number.isFinite(length)) {
    throw new RangeError(`The drawing is ${length} long; bring it to a size that a number can hold.`);
  }
  return { minimum, length };
}
