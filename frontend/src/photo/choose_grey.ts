import { makeGreys } from "./make_greys.ts";
import { measureSkew } from "./measure_skew.ts";
import type { Colours, Plane } from "./plane.ts";

/** Make the grey in which ink is dark, whichever of ink and paper is the darker one (steps 2 and 3). */
export function chooseGrey(colours: Colours): Plane {
  const { dark, light } = makeGreys(colours);
  return measureSkew(dark) <= measureSkew(light) ? dark : light;
}
