import { divide } from "./divide.ts";

/** Less light than this on the paper is taken for as much: in deep shadow, noise is no ink. */
const DARKEST_PAPER = 64;

/** Say how much ink there is, 0..255: how much darker it is than the paper, against the paper's own light. */
export function measureInk(paper: number, grey: number): number {
  return divide((paper - grey) * 255, Math.max(paper, DARKEST_PAPER));
}
