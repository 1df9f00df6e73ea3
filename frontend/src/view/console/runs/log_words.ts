/** A run's log: which lines are wanted, and how they read. */
import type { LogLine } from "../../../server/runs.ts";

/** From the least to the most serious. */
export const LEVELS = ["debug", "info", "warning", "error"] as const;

/** Keep the lines of a level and above; a level that nobody knows is kept. */
export function filterLines(lines: readonly LogLine[], least: string): LogLine[] {
  const ranks: readonly string[] = LEVELS;
  const wanted = ranks.indexOf(least);
  return lines.filter(({ level }) => {
    const rank = ranks.indexOf(level.toLowerCase());
    return rank === -1 || rank >= wanted;
  });
}

/** Add lines that came later; those that are known already are not added twice. */
export function addLines(lines: readonly LogLine[], later: readonly LogLine[], most: number): LogLine[] {
  const last = lines.at(-1)?.line ?? -1;
  return [...lines, ...later.filter(({ line }) => line > last)].slice(-most);
}

/** Write what an event came with: "epoch=2 loss=0.41". */
export function sayFields({ fields }: LogLine): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}

/** The time of day of a line. @param iso ISO 8601. */
export function sayTime(iso: string): string {
  return new Date(iso).toLocaleTimeString("en-GB");
}
