/** What the charts of production show, as rows and columns. Pure. */
import type { Production, Share, Tally } from "../../../server/production.ts";
import type { Cell, ChartTable } from "../charts/chart_table.ts";
import { STEP_MS } from "./production_address.ts";

/** A step of time, with or without drawings. */
export interface Moment {
  /** In milliseconds since 1970. */
  readonly begins: number;
  /** undefined: there were none. */
  readonly tally: Tally | undefined;
}

/** List every step of what is shown, those without drawings, too; not those that have not begun. @param now in ms. */
export function listMoments({ by, from, to, times }: Production, now: number): Moment[] {
  const known = new Map(times.map((tally) => [Date.parse(tally.begins), tally]));
  const ends = Math.min(Date.parse(to), now);
  const moments: Moment[] = [];
  for (let begins = Date.parse(from); begins < ends; begins += STEP_MS[by])
    moments.push({ begins, tally: known.get(begins) });
  return moments;
}

const SHARE_COLUMNS = ["of", "share", "low", "high"] as const;

/** Drawings, right guesses and "I don't know" by time. */
export function tableTimes(moments: readonly Moment[]): ChartTable {
  return {
    columns: ["begins (UTC)", "drawings", ...columnsOf("accuracy"), ...columnsOf("unknown")],
    rows: moments.map(({ begins, tally }) => [
      new Date(begins).toISOString(),
      tally?.num_doodles ?? 0,
      ...cellsOf(tally?.accuracy ?? null),
      ...cellsOf(tally?.unknown ?? null),
    ]),
  };
}

/** By label, or by version. @param column what they are. */
export function tableTallies(column: string, rows: readonly (readonly [string, Tally])[]): ChartTable {
  const shares = [...columnsOf("accuracy"), ...columnsOf("accuracy where shown"), ...columnsOf("unknown")];
  return {
    columns: [column, "drawings", ...shares],
    rows: rows.map(([name, { num_doodles: number, accuracy, accuracy_known: known, unknown }]) => [
      name,
      number,
      ...cellsOf(accuracy),
      ...cellsOf(known),
      ...cellsOf(unknown),
    ]),
  };
}

/** How many of each label had each guess. */
export function tableConfusion({ labels, counts }: Production["confusion"]): ChartTable {
  return {
    columns: ["label \\ guess", ...labels],
    rows: labels.map((label, row) => [label, ...(counts[row] ?? [])]),
  };
}

export function tableCalibration({ bins }: Production["calibration"]): ChartTable {
  return {
    columns: ["confidence from", "to", "mean confidence", ...columnsOf("accuracy")],
    rows: bins.map(({ low, high, confidence, accuracy }) => [low, high, confidence, ...cellsOf(accuracy)]),
  };
}

function columnsOf(name: string): string[] {
  return SHARE_COLUMNS.map((part) => (part === "share" ? name : `${name}: ${part}`));
}

function cellsOf(share: Share | null): Cell[] {
  return share === null ? [0, null, null, null] : [share.of, share.value, share.low, share.high];
}
