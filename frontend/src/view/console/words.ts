/** Times and amounts, in words. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Say how long ago something was. @param iso ISO 8601. @param now in milliseconds since 1970. */
export function sayAgo(iso: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  return seconds < 5 ? "just now" : `${sayDuration(seconds)} ago`;
}

/** Say a length of time, in its largest unit. */
export function sayDuration(seconds: number): string {
  if (seconds < MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < DAY) return `${Math.round(seconds / HOUR)} h`;
  const days = Math.round(seconds / DAY);
  return days === 1 ? "1 day" : `${days} days`;
}

/** Write a moment as the operator's clock shows it. */
export function sayMoment(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** Write a whole number with its thousands apart. */
export function sayNumber(value: number): string {
  return value.toLocaleString("en").replaceAll(",", "\u202f");
}

/** Say an amount of something: "1 drawing", "212 drawings". */
export function sayAmount(count: number, noun: string): string {
  return `${sayNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Write a share (0..1) as percent with one decimal. */
export function sayShare(share: number): string {
  return `${(share * 100).toFixed(1)}\u00a0%`;
}
