/** Figures of production in words. */
import type { Share } from "../../../server/production.ts";
import { sayNumber } from "../words.ts";

/** Say where the true share lies: "81.0 to 85.1". */
export function sayInterval({ low, high }: Share): string {
  return `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}`;
}

/** Say of how many a share is: "832 of 1 000". */
export function sayOf({ num, of }: Share): string {
  return `${sayNumber(num)} of ${sayNumber(of)}`;
}

/** Say how a version is called; null: none that had been live. */
export function sayVersion(version: string | null, live: string | null): string {
  if (version === null) return "none known";
  return version === live ? `${version} (live)` : version;
}
