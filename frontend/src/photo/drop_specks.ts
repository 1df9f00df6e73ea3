import { around, extentOf, liesIn } from "./box.ts";
import { type Blot, findBlots } from "./find_blots.ts";
import type { Mask } from "./plane.ts";
import type { Measured } from "./strip_borders.ts";

/** Give the mask of the drawing: its large pieces, and small ones among them that have some ink, such as eyes (step 8). */
export function dropSpecks({ ink, thresholds }: Measured): Mask {
  const { blots, labels } = findBlots(ink, thresholds.low);
  const inked = blots.filter(({ most }) => most >= thresholds.high);
  const biggest = inked.reduce((most, { box }) => Math.max(most, extentOf(box)), 0);
  const isMain = ({ box }: Readonly<Blot>) => 12 * extentOf(box) >= biggest;
  const main = inked.filter(isMain);
  const whole = main.map(({ box }) => box).reduce(around);
  const heaviest = main.reduce((most, { mass }) => Math.max(most, mass), 0);
  const isKept = (blot: Readonly<Blot>) =>
    isMain(blot) || (liesIn(blot.box, whole) && 400 * blot.mass >= heaviest);
  const kept = new Set(inked.filter(isKept));
  const keeps = blots.map((blot) => kept.has(blot));
  return {
    width: ink.width,
    height: ink.height,
    values: Uint8Array.from(labels, (label) => (keeps[label] ? 1 : 0)),
  };
}
