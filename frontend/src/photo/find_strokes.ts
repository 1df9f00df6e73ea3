import type { CanvasStrokes } from "./canvas_point.ts";
import { chooseGrey } from "./choose_grey.ts";
import { cutOut } from "./cut_out.ts";
import { dropSpecks } from "./drop_specks.ts";
import { findInk } from "./find_ink.ts";
import { follow } from "./follow.ts";
import { hollowOut } from "./hollow_out.ts";
import { keepWithinLimits } from "./keep_within_limits.ts";
import type { Colours } from "./plane.ts";
import { PhotoRefusedError } from "./refusal.ts";
import { smooth } from "./smooth.ts";
import { stripBorders } from "./strip_borders.ts";
import { thin } from "./thin.ts";

/**
 * Find the drawing in a picture: bit for bit what model_server.photo finds. The steps are decision 0049's.
 *
 * @param colours of the picture, shrunk (`Shrinking`).
 * @throws PhotoRefusedError there is none.
 */
export function findStrokes(colours: Colours): CanvasStrokes {
  const measured = stripBorders(findInk(chooseGrey(colours)));
  const { mask, depth } = hollowOut(cutOut(measured, dropSpecks(measured)));
  const strokes = keepWithinLimits(follow(thin(mask), depth));
  if (strokes.length === 0) throw new PhotoRefusedError("no_ink");
  return strokes.map(smooth);
}
