/** The gentle timer's bar: it runs out and says so; nothing is taken away. */
import { say } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";
import type { Timer, TimerState } from "./timer.ts";

export interface TimeElements {
  readonly time: HTMLElement;
  readonly timeWords: HTMLElement;
}

/**
 * Show how much time is left; the style sheet moves the bar, so that the pen has the thread to itself.
 *
 * @param isShown whether time counts at all: in a round, unless it was switched off.
 */
export function showTime({ time, timeWords }: TimeElements, timer: Timer, isShown: boolean): void {
  const state: TimerState | "off" = isShown ? timer.state : "off";
  const before = time.dataset["state"];
  if (before === state) return;
  time.dataset["state"] = state;
  // A bar that begins to move in the middle, because it was switched on then, is as far as the time.
  if (before !== "running" && before !== "held") time.style.setProperty("--gone", `-${timer.seconds}s`);
  tell(timeWords, () => (state === "over" ? say("game.time_up") : ""));
}
