import { formatNumber, say } from "../../../messages/index.ts";
import type { Verdict } from "../score.ts";

/** Say what came of a drawing. */
export function sayVerdict(verdict: Verdict): string {
  if (verdict.kind === "recognised") return say("game.after", { seconds: saySeconds(verdict.afterSeconds) });
  if (verdict.kind === "late") return say("game.late", { seconds: saySeconds(verdict.afterSeconds) });
  return say(verdict.kind === "missed" ? "game.missed" : "game.uncounted");
}

/** Write seconds with one digit after the point. */
export function saySeconds(seconds: number): string {
  return formatNumber(seconds, 1);
}
