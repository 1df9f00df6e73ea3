/** The order of the versions in the table. */
import type { Version } from "../../../server/operator.ts";

/** made, size, parameters, or a holdout's name. */
export interface Order {
  readonly by: string;
  readonly isRising: boolean;
}

export const NEWEST_FIRST: Order = { by: "made", isRising: false };

/** Take the next order when a column is asked for: largest first, and the other way round when asked again. */
export function nextOrder(order: Order, by: string): Order {
  return order.by === by ? { by, isRising: !order.isRising } : { by, isRising: false };
}

/** Sort versions; those without the number come last, and equal ones newest first. */
export function rankVersions(versions: readonly Version[], { by, isRising }: Order): Version[] {
  const sign = isRising ? 1 : -1;
  const newest = (one: Version, other: Version) => made(other) - made(one);
  return [...versions].sort((one, other) => {
    const [left, right] = [numberOf(one, by), numberOf(other, by)];
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined) || newest(one, other);
    }
    return sign * (left - right) || newest(one, other);
  });
}

export function sizeOf({ files }: Version): number {
  return files.reduce((sum, file) => sum + file.size_bytes, 0);
}

function numberOf(version: Version, by: string): number | undefined {
  if (by === "made") return made(version);
  if (by === "size") return sizeOf(version);
  if (by === "parameters") return version.num_parameters;
  return version.metrics[by]?.accuracy;
}

function made({ created_at }: Version): number {
  return Date.parse(created_at);
}
