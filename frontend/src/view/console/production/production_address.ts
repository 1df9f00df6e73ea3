/** Which stretch of time and which version an address asks for, so that it can be linked to and gone back from. */
import type { ProductionQuery, Step } from "../../../server/production.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const STEP_MS: Readonly<Record<Step, number>> = { hour: HOUR_MS, day: DAY_MS };

/** The last so many steps, the present one included. */
export interface Recent {
  readonly name: string;
  readonly title: string;
  readonly by: Step;
  readonly numSteps: number;
}

export const RECENT: readonly [Recent, ...Recent[]] = [
  { name: "30d", title: "Last 30 days", by: "day", numSteps: 30 },
  { name: "24h", title: "Last 24 hours", by: "hour", numSteps: 24 },
  { name: "7d", title: "Last 7 days, by hour", by: "hour", numSteps: 7 * 24 },
  { name: "14d", title: "Last 14 days, by hour", by: "hour", numSteps: 14 * 24 },
  { name: "90d", title: "Last 90 days", by: "day", numSteps: 90 },
  { name: "365d", title: "Last 365 days", by: "day", numSteps: 365 },
];

/** Days, both included, as their dates are written: 2026-11-21, in UTC. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

export interface Choice {
  readonly when: Recent | Days;
  readonly version: string | undefined;
}

/** So few days are shown by hour. */
const MOST_DAYS_BY_HOUR = 3;
/** What the server gives at most. */
const MOST_DAYS = 400;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const VERSION = /^[0-9a-f]{12}$/;

/** Read an address; what it does not say, or says wrongly, is the last 30 days of all versions. @param hash with its #. */
export function findChoice(hash: string): Choice {
  const said = new URLSearchParams(hash.replace(/^#[^&]*&?/, ""));
  const version = said.get("version") ?? "";
  return { when: findWhen(said), version: VERSION.test(version) ? version : undefined };
}

function findWhen(said: URLSearchParams): Recent | Days {
  const days = { first: said.get("from") ?? "", last: said.get("to") ?? "" };
  if (areDays(days)) return days;
  return RECENT.find(({ name }) => name === said.get("range")) ?? RECENT[0];
}

/** Tell whether these are dates, in their order, and no more than are shown at once. */
export function areDays({ first, last }: Days): boolean {
  const isDate = (date: string) => DATE.test(date) && !Number.isNaN(Date.parse(date));
  if (!isDate(first) || !isDate(last)) return false;
  const numDays = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  return numDays >= 1 && numDays <= MOST_DAYS;
}

/** Write a choice as an address, with its #. */
export function choiceAddress({ when, version }: Choice): string {
  const said = new URLSearchParams();
  if (isRecent(when)) {
    if (when !== RECENT[0]) said.set("range", when.name);
  } else {
    said.set("from", when.first);
    said.set("to", when.last);
  }
  if (version !== undefined) said.set("version", version);
  const words = said.toString();
  return words === "" ? "#production" : `#production&${words}`;
}

export function isRecent(when: Recent | Days): when is Recent {
  return "numSteps" in when;
}

/** Say what to ask the server. @param now in milliseconds since 1970. */
export function toQuery({ when, version }: Choice, now: number): ProductionQuery {
  if (isRecent(when)) {
    const { by, numSteps } = when;
    const to = (Math.floor(now / STEP_MS[by]) + 1) * STEP_MS[by];
    return { by, from: to - numSteps * STEP_MS[by], to, version };
  }
  const [from, to] = [Date.parse(when.first), Date.parse(when.last) + DAY_MS];
  return { by: to - from <= MOST_DAYS_BY_HOUR * DAY_MS ? "hour" : "day", from, to, version };
}
