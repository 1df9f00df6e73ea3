/** The bounds of a drawing; their twin is doodle_db/ink/limits.py, and a test compares the two. */
export const INK_LIMITS = {
  /** Over all drawings of Quick, Draw! that we have seen, the most is 55. */
  maxStrokes: 200,
  /** Over all strokes; the most that we have seen is 503. */
  maxPoints: 10_000,
} as const;

/** The largest coordinate: drawings fill a box of 256 x 256. Source: Quick, Draw!'s simplified drawings. */
export const BOX_MAX = 255;
