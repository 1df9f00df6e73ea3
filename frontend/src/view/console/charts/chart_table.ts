/** What a chart shows, as rows and columns. */

export type Cell = string | number | null;

export interface ChartTable {
  readonly columns: readonly string[];
  /** A cell a column; null where nothing is known. */
  readonly rows: readonly (readonly Cell[])[];
}
