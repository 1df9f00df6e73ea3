import { divide } from "./divide.ts";
import { findLuma } from "./find_luma.ts";
import type { Colours, Pixels } from "./plane.ts";
import { PhotoRefusedError } from "./refusal.ts";

/** The longer side is at most so long afterwards. */
const LONGEST = 512;

/** Red, green, blue, each times alpha; alpha. */
const SUMS = 4;

/**
 * Shrinks a picture by means over square cells, and lays it on paper where it is transparent (step 1).
 *
 * Takes the picture a few rows at a time, so that all of it need never be there at once.
 */
export class Shrinking {
  private readonly width: number;
  private readonly height: number;
  private readonly side: number;
  private readonly numColumns: number;
  private readonly numRows: number;
  private readonly sums: Float64Array;
  private alphaSum = 0;
  /** Alpha of what is dark. */
  private darkSum = 0;
  private nextRow = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.side = Math.ceil(Math.max(width, height) / LONGEST);
    this.numColumns = Math.ceil(width / this.side);
    this.numRows = Math.ceil(height / this.side);
    this.sums = new Float64Array(this.numColumns * this.numRows * SUMS);
  }

  /** Take the next rows. @param data RGBA, of whole rows. */
  add(data: Pixels["data"]): void {
    const stride = this.width * 4;
    for (let start = 0; start < data.length; start += stride) {
      this.addRow(data, start);
      this.nextRow += 1;
    }
  }

  /** Give the small picture. @throws PhotoRefusedError all of it is transparent. */
  finish(): Colours {
    if (this.alphaSum === 0) throw new PhotoRefusedError("no_ink");
    const paper = this.choosePaper();
    const values = new Uint8Array(this.numColumns * this.numRows * 3);
    for (let row = 0; row < this.numRows; row += 1) {
      for (let column = 0; column < this.numColumns; column += 1) {
        this.flatten(row, column, paper, values);
      }
    }
    return { width: this.numColumns, height: this.numRows, values };
  }

  private addRow(data: Pixels["data"], start: number): void {
    const { side, sums } = this;
    const cellsAt = Math.floor(this.nextRow / side) * this.numColumns;
    for (let x = 0, at = start; x < this.width; x += 1, at += 4) {
      const red = data[at] ?? 0;
      const green = data[at + 1] ?? 0;
      const blue = data[at + 2] ?? 0;
      const alpha = data[at + 3] ?? 0;
      const cell = (cellsAt + Math.floor(x / side)) * SUMS;
      sums[cell] = (sums[cell] ?? 0) + red * alpha;
      sums[cell + 1] = (sums[cell + 1] ?? 0) + green * alpha;
      sums[cell + 2] = (sums[cell + 2] ?? 0) + blue * alpha;
      sums[cell + 3] = (sums[cell + 3] ?? 0) + alpha;
      this.alphaSum += alpha;
      if (findLuma(red, green, blue) < 128) this.darkSum += alpha;
    }
  }

  /** White; black if there is something transparent, and nothing dark on it. */
  private choosePaper(): number {
    const isTransparent = this.alphaSum < 255 * this.width * this.height;
    return isTransparent && 64 * this.darkSum < this.alphaSum ? 0 : 255;
  }

  private flatten(row: number, column: number, paper: number, values: Uint8Array): void {
    const { side, sums } = this;
    const cell = row * this.numColumns + column;
    const num = Math.min(side, this.height - row * side) * Math.min(side, this.width - column * side);
    const behind = 2 * paper * (255 * num - (sums[cell * SUMS + 3] ?? 0));
    for (let channel = 0; channel < 3; channel += 1) {
      const sum = 2 * (sums[cell * SUMS + channel] ?? 0) + behind + 255 * num;
      values[cell * 3 + channel] = divide(sum, 510 * num);
    }
  }
}
