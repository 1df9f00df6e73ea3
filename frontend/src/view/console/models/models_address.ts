/** Where in the address two versions are compared, so that it can be linked to and gone back from. */

const PATTERN = /^#models&compare=([0-9a-f]{12}),([0-9a-f]{12})$/;

export function comparisonAddress(first: string, second: string): string {
  return `#models&compare=${first},${second}`;
}

/** Find which versions an address wants compared. @param hash with its #. @returns undefined where it wants none. */
export function findCompared(hash: string): readonly [string, string] | undefined {
  const [, first, second] = PATTERN.exec(hash) ?? [];
  return first !== undefined && second !== undefined && first !== second ? [first, second] : undefined;
}
