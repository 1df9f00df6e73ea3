const FIRST_SECONDS = 1;
const LONGEST_SECONDS = 60;

/**
 * How long to wait before the next try: twice as long after each failure, spread by up to a half, and never less than
 * the server asks for.
 *
 * @param numFailures in a row, at least 1.
 * @param chance in [0, 1).
 * @param retryAfterSeconds what the server asked for, if it did.
 */
export function retryDelaySeconds(numFailures: number, chance: number, retryAfterSeconds?: number): number {
  const longest = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (numFailures - 1));
  return Math.max(retryAfterSeconds ?? 0, longest * (1 - chance / 2));
}
