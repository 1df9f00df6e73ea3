/** From values to places along an axis. */
import { listLogTicks, listMultiples, listTimes, niceStep, sayTick, sayTime } from "./ticks.ts";

export interface Tick {
  readonly value: number;
  readonly words: string;
}

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
  readonly ticks: readonly Tick[];
}

export type Range = readonly [number, number];

/** Where a value is between an axis's ends: 0..1, 0.5 where they are the same. */
export function shareOf({ low, high, isLog }: Scale, value: number): number {
  if (low === high) return 0.5;
  if (isLog) return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}

/**
 * An axis whose ends are round numbers.
 *
 * It begins at 0 where the values are not far from it: beginning elsewhere, differences would look larger than they are.
 *
 * @param range what it shows instead, where that is known.
 */
export function makeValueScale(values: readonly number[], range: Range | undefined, numTicks: number): Scale {
  const [least, most] = range ?? findEnds(values);
  const from = range !== undefined || least < 0 || least > most / 2 ? least : 0;
  const step = niceStep(most - from || Math.abs(most) || 1, numTicks);
  const low = range ? from : Math.floor(from / step + 1e-9) * step;
  const high = range ? most : Math.max(Math.ceil(most / step - 1e-9) * step, low + step);
  return { low, high, isLog: false, ticks: nameAll(listMultiples(low, high, step)) };
}

/** An axis on which equal factors are equally far apart; it knows no value of 0 or less. */
export function makeLogScale(values: readonly number[], range: Range | undefined): Scale {
  const [least, most] = range ?? findEnds(values.filter((value) => value > 0));
  const low = least > 0 ? least : 0.1;
  const high = most > low ? most : low * 10;
  return { low, high, isLog: true, ticks: nameAll(listLogTicks(low, high)) };
}

/** An axis from the first to the last of some values. */
export function makeSpanScale(values: readonly number[], range: Range | undefined, numTicks: number): Scale {
  const [low, high] = range ?? findEnds(values);
  if (low === high) return { low, high, isLog: false, ticks: nameAll([low]) };
  const isWhole = values.every(Number.isInteger);
  const nice = niceStep(high - low, numTicks);
  const step = isWhole ? Math.max(1, nice) : nice;
  return { low, high, isLog: false, ticks: nameAll(listMultiples(low, high, step)) };
}

/**
 * An axis of moments.
 *
 * @param values in milliseconds since 1970.
 * @param offsetMs what local time is ahead of UTC by.
 */
export function makeTimeScale(
  values: readonly number[],
  range: Range | undefined,
  numTicks: number,
  offsetMs: number,
): Scale {
  const [low, high] = range ?? findEnds(values);
  if (low === high) {
    return { low, high, isLog: false, ticks: [{ value: low, words: sayTime(low, 0, offsetMs) }] };
  }
  const { step, ticks } = listTimes(low, high, numTicks, offsetMs);
  return {
    low,
    high,
    isLog: false,
    ticks: ticks.map((value) => ({ value, words: sayTime(value, step, offsetMs) })),
  };
}

function nameAll(ticks: readonly number[]): Tick[] {
  return ticks.map((value) => ({ value, words: sayTick(value) }));
}

/** @returns 0 and 1 where there are no values. */
function findEnds(values: readonly number[]): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}
