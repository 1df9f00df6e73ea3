/** The way to the round's result page, which is fetched when it is needed: nobody waits for it to begin drawing. */
import { say } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";
import type { OthersDrawings } from "../../server/others_drawings.ts";
import type { Drawn } from "./game.ts";

/** Fetch it while somebody looks at another result; what fails is tried again when it is needed. */
export function prefetchRound(): void {
  void load();
}

/** Show a finished round, or say that this part of the page cannot be had. */
export async function openRound(
  body: HTMLElement,
  drawn: readonly Drawn[],
  others: OthersDrawings,
): Promise<void> {
  const loaded = await load();
  if (loaded) loaded.showRound(body, drawn, others);
  else tell(body, () => say("game.round_not_loaded"));
}

function load() {
  return import("./round/round_page.ts").catch(() => undefined);
}
