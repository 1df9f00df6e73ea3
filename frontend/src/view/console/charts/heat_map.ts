/** Heat maps, and confusion matrices. */
import { make } from "../../element.ts";
import {
  findCell,
  type HeatCell,
  type HeatLayout,
  type HeatMap,
  layOutHeat,
  shortenName,
  stepCell,
} from "./heat_layout.ts";
import { type Drawing, makeStage } from "./stage.ts";
import { draw, drawPicture, write, writeTurned } from "./svg.ts";

export type { HeatMap } from "./heat_layout.ts";

/** Draw a heat map: the more, the stronger; the numbers stand in the cells where they have room, and are told. */
export function drawHeatMap(map: HeatMap): HTMLElement {
  const summary = `${map.rowLabel} by ${map.columnLabel}, ${map.rows.length} by ${map.columns.length} cells.`;
  return make("div", { class: "chart-box" }, [makeStage(summary, (width) => drawFor(map, width))]);
}

function drawFor(map: HeatMap, width: number): Drawing {
  const layout = layOutHeat(map, width);
  const { cells, cellWidth, cellHeight } = layout;
  const pointer = draw("rect", {
    class: "heat-pointer",
    width: cellWidth,
    height: cellHeight,
    visibility: "hidden",
  });
  const picture = drawPicture(layout.width, layout.height, [
    ...drawNames(map, layout),
    ...cells.flatMap((cell) => drawCell(cell, layout)),
    pointer,
  ]);
  return {
    picture,
    numMarks: cells.length,
    firstMark: 0,
    find: (x, y) => findCell(layout, map, x, y),
    step: (mark, key) => stepCell(mark, key, map.columns.length, map.rows.length),
    tell: (mark) => tell(map, layout, mark),
    highlight: (mark) => {
      const cell = mark === undefined ? undefined : cells[mark];
      pointer.setAttribute("visibility", cell ? "visible" : "hidden");
      pointer.setAttribute("x", String(cell?.x ?? 0));
      pointer.setAttribute("y", String(cell?.y ?? 0));
    },
  };
}

function drawCell(
  { x, y, share, value, words, isWritten }: HeatCell,
  { cellWidth, cellHeight }: HeatLayout,
): SVGElement[] {
  const size = { x: x + 1, y: y + 1, width: cellWidth - 2, height: cellHeight - 2, rx: 3 };
  const box = draw("rect", { class: value === null ? "heat none" : "heat", ...size });
  box.style.setProperty("--share", String(Math.round(share * 100) / 100));
  if (!isWritten || words === "") return [box];
  const text = write(words, x + cellWidth / 2, y + cellHeight / 2 + 4, "middle");
  text.setAttribute("class", "heat-words");
  return [box, text];
}

function drawNames(map: HeatMap, { left, top, cellWidth, cellHeight, isTurned }: HeatLayout): SVGElement[] {
  const columns = map.columns.map((name, index) => {
    const middle = left + (index + 0.5) * cellWidth;
    const text = shortenName(name);
    return isTurned
      ? writeTurned(text, middle, top - 6, -45, "start")
      : write(text, middle, top - 6, "middle");
  });
  const rows = map.rows.map((name, index) =>
    write(shortenName(name), left - 6, top + (index + 0.5) * cellHeight + 4, "end"),
  );
  const middle = top + (map.rows.length * cellHeight) / 2;
  return [
    ...columns,
    ...rows,
    write(map.columnLabel, left + (map.columns.length * cellWidth) / 2, 12, "middle"),
    writeTurned(map.rowLabel, 12, middle, -90, "middle"),
  ];
}

function tell(map: HeatMap, { cells, cellWidth }: HeatLayout, mark: number) {
  const cell = cells[mark];
  const value = cell?.value ?? null;
  const row = map.rows[cell?.row ?? 0] ?? "";
  const column = map.columns[cell?.column ?? 0] ?? "";
  return {
    x: (cell?.x ?? 0) + cellWidth / 2,
    y: cell?.y ?? 0,
    title: value === null ? "\u2013" : map.format(value),
    rows: [
      { name: map.rowLabel, value: row },
      { name: map.columnLabel, value: column },
    ],
  };
}
