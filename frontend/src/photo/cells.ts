import { divide } from "./divide.ts";
import type { Mask, Plane } from "./plane.ts";

/** A picture cut into square cells, from its upper left; the last ones may be smaller. */
export class Cells {
  readonly side: number;
  readonly numColumns: number;
  readonly numRows: number;

  constructor({ width, height }: Pick<Plane, "width" | "height">) {
    this.side = Math.max(1, divide(Math.max(width, height), 64));
    this.numColumns = Math.ceil(width / this.side);
    this.numRows = Math.ceil(height / this.side);
  }

  /** Give one value a cell: a picture's pixel in the cell's middle. */
  sample({ width, height, values }: Plane): Plane {
    const middle = divide(this.side, 2);
    const samples = new Int32Array(this.numColumns * this.numRows).map((_, cell) => {
      const y = Math.min(divide(cell, this.numColumns) * this.side + middle, height - 1);
      const x = Math.min((cell % this.numColumns) * this.side + middle, width - 1);
      return values[y * width + x] ?? 0;
    });
    return { width: this.numColumns, height: this.numRows, values: samples };
  }

  /** Give the mask of the cells that fit. */
  select(isSelected: (cell: number) => boolean): Mask {
    const values = new Uint8Array(this.numColumns * this.numRows).map((_, cell) =>
      isSelected(cell) ? 1 : 0,
    );
    return { width: this.numColumns, height: this.numRows, values };
  }

  /** Give the cell that a pixel lies in. */
  at(index: number, width: number): number {
    const row = divide(divide(index, width), this.side);
    return row * this.numColumns + divide(index % width, this.side);
  }
}
