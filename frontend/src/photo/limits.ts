/** What a picture may be before anything of it is decoded, and what may be found in it. */
export const PHOTO_LIMITS = {
  /** Photos of telephones have 2 to 15 MB. */
  maxBytes: 20_000_000,
  /** The largest telephones' cameras give 50 million; decoded they are 200 MB for a moment. */
  maxPixels: 50_000_000,
  /** In a row or a column, as on the server; some browsers' canvases end there. */
  maxSide: 16_384,
  /** As any drawing may have; a test compares them with ink's. */
  maxStrokes: 200,
  maxPoints: 10_000,
} as const;
