/** The pen's marks on the pad, in the pad's own units: its side is always `PAPER_SIDE`, however large it is shown. */

/** So that a drawing survives another window size or a turned phone. */
export const PAPER_SIDE = 1000;

/** A point on the paper; branded, because ink has points of its own. */
export interface PaperPoint {
  /** To the right, 0..PAPER_SIDE on the pad; outside where the pen left it. */
  readonly x: number;
  /** Downwards. */
  readonly y: number;
  /** How hard a pen pressed, 0..1; for the eye only: ink has no room for it. Undefined for what cannot press. */
  readonly pressure?: number | undefined;
  readonly unit?: "paper";
}

/** One mark, from pen down to pen up; at least one point. */
export type PaperStroke = readonly PaperPoint[];

export function between(one: PaperPoint, other: PaperPoint): PaperPoint {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
