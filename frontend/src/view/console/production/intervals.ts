/** Shares under each other, each with where it may well lie: of few drawings a long bar, of many a short one. */
import type { Share } from "../../../server/production.ts";
import { make } from "../../element.ts";
import { sayNumber, sayShare } from "../words.ts";
import { sayInterval } from "./production_words.ts";

export interface NamedShare {
  readonly name: string;
  readonly share: Share | null;
  /** Whether it is the one that counts. */
  readonly isMarked?: boolean;
}

/** Draw them, each on a track from 0 to 100 %. */
export function drawIntervals(shares: readonly NamedShare[]): HTMLElement {
  return make("ul", { class: "intervals" }, shares.map(drawOne));
}

function drawOne({ name, share, isMarked = false }: NamedShare): HTMLElement {
  const words = share === null ? "no guess yet" : sayShare(share.value);
  const detail = share === null ? "" : `${sayInterval(share)}, of ${sayNumber(share.of)}`;
  return make("li", { class: isMarked ? "marked" : "" }, [
    make("span", { class: "interval-name", text: name, title: name }),
    drawTrack(share),
    make("span", { class: "interval-value", text: words }),
    make("span", { class: "interval-detail detail", text: detail }),
  ]);
}

function drawTrack(share: Share | null): HTMLElement {
  const track = make("span", { class: "interval-track", attributes: { "aria-hidden": "true" } });
  if (share === null) return track;
  const range = make("span", { class: "interval-range" });
  range.style.setProperty("left", `${100 * share.low}%`);
  range.style.setProperty("width", `${100 * (share.high - share.low)}%`);
  const value = make("span", { class: "interval-dot" });
  value.style.setProperty("left", `${100 * share.value}%`);
  track.append(range, value);
  return track;
}
