/** Which numbers stand at an axis, and how numbers are written there. */
import { sayNumber } from "../words.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const TIME_STEPS_MS = [
  ...[1, 5, 15, 30].map((count) => count * SECOND_MS),
  ...[1, 5, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 3, 6, 12].map((count) => count * HOUR_MS),
  ...[1, 2, 7, 14, 28, 91, 364].map((count) => count * DAY_MS),
];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The smallest of 1, 2, 5, 10, 20, 25, 50 … that divides a span into at most so many steps. */
export function niceStep(span: number, numSteps: number): number {
  const least = span / numSteps;
  const power = 10 ** Math.floor(Math.log10(least));
  // A quarter of ten is no round number, one of a hundred is.
  const factors = power >= 10 ? [1, 2, 2.5, 5, 10] : [1, 2, 5, 10];
  const factor = factors.find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Multiples of a step from low to high, both included. */
export function listMultiples(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => tidy((first + index) * step));
}

/** Powers of ten from low to high; with their doubles and fives where there are few. */
export function listLogTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const factors = decades < 1.5 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / 6));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += stride)
    for (const factor of factors) ticks.push(tidy(factor * 10 ** power));
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

/**
 * Full hours, days and the like between two moments, and their step.
 *
 * @param low, high in milliseconds since 1970.
 * @param offsetMs what local time is ahead of UTC by.
 */
export function listTimes(
  low: number,
  high: number,
  numSteps: number,
  offsetMs: number,
): { readonly step: number; readonly ticks: number[] } {
  const least = (high - low) / numSteps;
  const step = TIME_STEPS_MS.find((each) => each >= least) ?? TIME_STEPS_MS.at(-1) ?? DAY_MS;
  const ticks = listMultiples(low + offsetMs, high + offsetMs, step).map((local) => local - offsetMs);
  return { step, ticks };
}

/** Write a moment as short as the steps of its axis allow. @param ms since 1970. */
export function sayTime(ms: number, step: number, offsetMs: number): string {
  const local = new Date(ms + offsetMs);
  const day = `${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]}`;
  const isMidnight = (ms + offsetMs) % DAY_MS === 0;
  if (step >= DAY_MS || isMidnight) return day;
  return local.toISOString().slice(11, step < MINUTE_MS ? 19 : 16);
}

/** Write a moment in full. @param ms since 1970. */
export function sayMomentAt(ms: number, offsetMs: number): string {
  const local = new Date(ms + offsetMs);
  const time = local.toISOString().slice(11, 16);
  return `${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]} ${local.getUTCFullYear()}, ${time}`;
}

/** Write a number at an axis, short. */
export function sayTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${tidy(value / 1e6, 3)}M`;
  if (size >= 1e4) return `${tidy(value / 1e3, 3)}k`;
  if (size !== 0 && size < 1e-3) return tidy(value, 3).toExponential().replaceAll("-", "\u2212");
  return String(tidy(value, 4)).replace("-", "\u2212");
}

/** Write a value with four digits that mean something. */
export function sayValue(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "\u2013";
  if (Number.isInteger(value)) return sayNumber(value);
  return String(tidy(value, 4)).replace("-", "\u2212");
}

function tidy(value: number, digits = 12): number {
  return Number(value.toPrecision(digits));
}
