import { expect, test } from "vitest";
import { RefusedError } from "../../src/server/http.ts";
import { askForOthersDrawings } from "../../src/server/others_drawings.ts";
import { fillPaper } from "../../src/view/draw/round/fill_paper.ts";
import { sharpen } from "../../src/view/draw/round/pictures.ts";
import { sayVerdict } from "../../src/view/draw/round/verdict_words.ts";

test.each([
  [{ kind: "recognised", afterSeconds: 4.23 }, "recognised after 4.2\u00a0s"],
  [{ kind: "late", afterSeconds: 31 }, "recognised after 31.0\u00a0s, when the time was up"],
  [{ kind: "missed" }, "not recognised"],
  [{ kind: "uncounted" }, "not counted"],
] as const)("what came of a drawing, in words: %s", (verdict, words) => {
  expect(sayVerdict(verdict)).toBe(words);
});

test("ink that enlarging has blurred becomes sharp again; paper stays paper and ink stays ink", () => {
  const levels = Array.from({ length: 256 }, (_, ink) => sharpen(ink));

  expect([levels[0], levels[50], levels[255]]).toEqual([0, 0, 255]);
  expect(levels).toEqual(levels.toSorted((one, other) => one - other));
});

test("a drawing is shown as large as its picture, in its proportions, from the middle", () => {
  const small = [[{ x: 0, y: 100, pressure: 0.5 }], [{ x: 430, y: 315 }]];

  expect(fillPaper(small, 1000)).toEqual([[{ x: 70, y: 285, pressure: 0.5 }], [{ x: 930, y: 715 }]]);
});

test("a dot stays one, and no drawing is nothing", () => {
  expect(fillPaper([[{ x: 3, y: 4 }]], 1000)).toEqual([[{ x: 500, y: 500 }]]);
  expect(fillPaper([], 1000)).toEqual([]);
});

test("others' drawings are asked for by the label's name, whatever that is", async () => {
  const paths: string[] = [];
  const ask = askForOthersDrawings(async (path) => {
    paths.push(path);
    return { status: 200, headers: new Headers(), body: { drawings: [{ bitmap: btoa("\u0000\u00ff") }] } };
  });

  expect(await ask("guinea pig/2")).toEqual([Uint8Array.of(0, 255)]);

  expect(paths).toEqual(["/api/v1/labels/guinea%20pig%2F2/drawings?limit=12"]);
});

test("a refusal is handed on", async () => {
  const ask = askForOthersDrawings(async () => {
    throw new RefusedError(404, "no such label", undefined);
  });

  await expect(ask("cat")).rejects.toThrow("no such label");
});
