/** Where everything of a heat map lies. */

export interface HeatMap {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** values[row][column]; null where nothing is known. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly rowLabel: string;
  readonly columnLabel: string;
  /** How a value is written. */
  readonly format: (value: number) => string;
  /** What a cell's shade is a share of: all values, or its row's sum (a confusion matrix). */
  readonly shadeBy?: "all" | "row";
}

export interface HeatCell {
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly value: number | null;
  /** 0: the least, 1: the most. */
  readonly share: number;
  readonly words: string;
  /** Whether the words have room in it. */
  readonly isWritten: boolean;
}

export interface HeatLayout {
  readonly width: number;
  readonly height: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly left: number;
  readonly top: number;
  readonly cells: readonly HeatCell[];
  /** Whether the columns' names must be turned. */
  readonly isTurned: boolean;
}

const CHARACTER_PX = 6.6;
const LEAST_CELL_PX = 24;
const MOST_CELL_PX = 110;
const MAX_NAME_CHARACTERS = 16;

/** @param width in pixels; the picture is wider where its cells would be too small. */
export function layOutHeat(map: HeatMap, width: number): HeatLayout {
  const left = Math.round(longest(map.rows) * CHARACTER_PX) + 28;
  const num = Math.max(1, map.columns.length);
  const cellWidth = Math.min(MOST_CELL_PX, Math.max(LEAST_CELL_PX, Math.floor((width - left - 8) / num)));
  const cellHeight = Math.min(40, Math.max(LEAST_CELL_PX, cellWidth));
  const isTurned = longest(map.columns) * CHARACTER_PX > cellWidth - 4;
  const top = (isTurned ? Math.round(longest(map.columns) * CHARACTER_PX * 0.71) + 10 : 18) + 20;
  // A turned name leans out over the last column.
  const lean = isTurned ? top - 20 : 0;
  const cells = map.values.flatMap((values, row) =>
    values.map((value, column) => {
      const words = value === null ? "" : map.format(value);
      return {
        row,
        column,
        value,
        words,
        x: left + column * cellWidth,
        y: top + row * cellHeight,
        share: value === null ? 0 : shareOfCell(map, row, value),
        isWritten: words.length * CHARACTER_PX <= cellWidth - 4,
      };
    }),
  );
  return {
    width: Math.max(width, left + num * cellWidth + lean),
    height: top + map.rows.length * cellHeight + 6,
    cellWidth,
    cellHeight,
    left,
    top,
    cells,
    isTurned,
  };
}

function longest(names: readonly string[]): number {
  return Math.max(1, ...names.map((name) => Math.min(MAX_NAME_CHARACTERS, name.length)));
}

/** Write a name so short that it has room. */
export function shortenName(name: string): string {
  return name.length > MAX_NAME_CHARACTERS ? `${name.slice(0, MAX_NAME_CHARACTERS - 1)}\u2026` : name;
}

function shareOfCell({ values, shadeBy = "all" }: HeatMap, row: number, value: number): number {
  if (shadeBy === "row") {
    const sum = (values[row] ?? []).reduce<number>((total, each) => total + (each ?? 0), 0);
    return sum === 0 ? 0 : value / sum;
  }
  const known = values.flat().filter((each) => each !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return low === high ? 1 : (value - low) / (high - low);
}

/** Find the cell at a place; outside, the nearest one. @returns its index in `cells`. */
export function findCell(
  { left, top, cellWidth, cellHeight }: HeatLayout,
  map: HeatMap,
  x: number,
  y: number,
): number {
  const column = clamp(Math.floor((x - left) / cellWidth), map.columns.length);
  const row = clamp(Math.floor((y - top) / cellHeight), map.rows.length);
  return row * map.columns.length + column;
}

function clamp(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}

/** Where an arrow key leads from a cell; it stays at an edge. */
export function stepCell(cell: number, key: string, numColumns: number, numRows: number): number {
  const [row, column] = [Math.floor(cell / numColumns), cell % numColumns];
  const next: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
  };
  const [toRow, toColumn] = next[key] ?? [row, column];
  return clamp(toRow, numRows) * numColumns + clamp(toColumn, numColumns);
}
