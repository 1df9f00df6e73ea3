/** The grid cairo draws on; see docs/decisions/0003-ink.md. */

/** Steps of a pixel, in both directions. */
export const SUBPIXELS = 256;

/** Sub-rows of a pixel row; each is sampled along its middle. */
export const SUB_ROWS = 15;

/** What the shorter side of a bitmap spans, in units of the box: 256, the line's width of 16, twice 16 of padding. */
export const BOX_SIDE = 304;
