/** Draws a drawing again: as quickly as a hand, or step by step; at once where motion is not wanted. */
import type { Strokes } from "../../../server/gallery.ts";
import { countPoints, cutAt, step } from "./replay.ts";
import { paintStrokes } from "./stroke_canvas.ts";

/** The whole drawing takes no longer, however many points it has, and no point less than a frame. */
const LONGEST_SECONDS = 4;
const POINTS_PER_SECOND = 24;
/** Of the canvas, in its own pixels. */
const SIDE = 560;

export class Player {
  /** How many points are there. */
  now: number;
  private readonly canvas: HTMLCanvasElement;
  private readonly strokes: Strokes;
  private readonly all: number;
  private readonly onChange: (now: number, isPlaying: boolean) => void;
  private frame: number | undefined;

  /** @param onChange more or less is there; whether it goes on by itself. */
  constructor(
    canvas: HTMLCanvasElement,
    strokes: Strokes,
    onChange: (now: number, isPlaying: boolean) => void,
  ) {
    this.canvas = canvas;
    this.strokes = strokes;
    this.all = countPoints(strokes);
    this.now = this.all;
    this.onChange = onChange;
  }

  /** Begin: play it, or show it whole to those who want no motion. */
  start(): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.goTo(this.all);
    else this.play();
  }

  toggle(): void {
    if (this.frame === undefined) this.play();
    else this.pause();
  }

  step(by: 1 | -1): void {
    this.goTo(step(this.strokes, this.now, by));
  }

  /** Show so much, and stand still. */
  goTo(numPoints: number): void {
    this.stop();
    this.show(numPoints);
  }

  pause(): void {
    this.stop();
    this.onChange(this.now, false);
  }

  private play(): void {
    const from = this.now >= this.all ? 0 : this.now;
    const perSecond = Math.max(POINTS_PER_SECOND, this.all / LONGEST_SECONDS);
    let begun: number | undefined;
    const draw = (milliseconds: number) => {
      begun ??= milliseconds;
      const now = Math.min(this.all, from + Math.floor(((milliseconds - begun) / 1000) * perSecond));
      this.frame = now < this.all ? requestAnimationFrame(draw) : undefined;
      this.show(now);
    };
    this.frame = requestAnimationFrame(draw);
    this.show(from);
  }

  private stop(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
  }

  private show(numPoints: number): void {
    this.now = numPoints;
    paintStrokes(this.canvas, cutAt(this.strokes, numPoints), SIDE);
    this.onChange(numPoints, this.frame !== undefined);
  }
}
