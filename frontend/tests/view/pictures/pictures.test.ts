import { expect, test } from "vitest";
import type { Drawing } from "../../../src/pad/history.ts";
import type { CanvasStrokes } from "../../../src/photo/canvas_point.ts";
import { PhotoRefusedError } from "../../../src/photo/refusal.ts";
import { findPicture } from "../../../src/view/draw/pictures/door.ts";
import { Pictures } from "../../../src/view/draw/pictures/pictures.ts";
import { toPaper } from "../../../src/view/draw/pictures/to_paper.ts";

const STROKES: CanvasStrokes = [[{ x: 1, y: 2 }], [{ x: 30, y: 40 }]];
const file = new File(["anything"], "cat.png", { type: "image/png" });

interface Reading {
  readonly signal: AbortSignal;
  readonly onFinding: () => void;
  readonly resolve: (strokes: CanvasStrokes) => void;
  readonly reject: (reason: unknown) => void;
}

/** A page whose reader answers when it is told to; `told` is what happened, in order. */
function makePage({ canPlace = true } = {}) {
  const told: string[] = [];
  const placed: Drawing[] = [];
  const readings: Reading[] = [];
  const page = {
    canPlace,
    place: async (drawing: Drawing) => {
      placed.push(drawing);
    },
  };
  const pictures = new Pictures({
    page,
    dialog: {
      ask: () => told.push("ask"),
      show: (stage) => told.push(stage),
      refuse: (refusal) => told.push(`refused: ${refusal}`),
      close: () => told.push("close"),
    },
    read: (_, signal, onFinding) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        readings.push({ signal, onFinding, resolve, reject });
      }),
    onFound: (numStrokes) => told.push(`found ${numStrokes}`),
    onBusy: () => told.push("busy"),
  });
  return { pictures, told, placed, readings, page };
}

test("a picture is read, found in, laid on the pad and guessed; each step is told", async () => {
  const { pictures, told, placed, readings } = makePage();
  const taken = pictures.take(file);
  readings[0]?.onFinding();

  readings[0]?.resolve(STROKES);
  await taken;

  expect(told).toEqual(["reading", "finding", "guessing", "close", "found 2"]);
  expect(placed).toEqual([toPaper(STROKES)]);
});

test("what is wrong with a picture is told, and the pad stays as it is", async () => {
  const { pictures, told, placed, readings } = makePage();
  const taken = pictures.take(file);

  readings[0]?.reject(new PhotoRefusedError("broken"));
  await taken;

  expect(told).toEqual(["reading", "refused: broken"]);
  expect(placed).toEqual([]);
});

test("whatever else goes wrong is told as a reader that does not work", async () => {
  const { pictures, told, readings } = makePage();
  const taken = pictures.take(file);

  readings[0]?.reject(new TypeError("anything"));
  await taken;

  expect(told).toEqual(["reading", "refused: no_reader"]);
});

test("a picture that is cancelled comes to nothing, and nothing is said of it", async () => {
  const { pictures, told, placed, readings } = makePage();
  const taken = pictures.take(file);

  pictures.cancel();
  await taken;

  expect([told, placed, readings[0]?.signal.aborted]).toEqual([["reading"], [], true]);
});

test("a newer picture takes the place of the one that is being read", async () => {
  const { pictures, told, placed, readings } = makePage();
  const first = pictures.take(file);
  const second = pictures.take(file);

  readings[1]?.resolve(STROKES);
  await Promise.all([first, second]);

  expect(told).toEqual(["reading", "reading", "guessing", "close", "found 2"]);
  expect(placed).toHaveLength(1);
});

test("while a drawing is being stored or shown no picture is taken", async () => {
  const { pictures, told, readings } = makePage({ canPlace: false });

  pictures.open();
  await pictures.take(file);

  expect([told, readings]).toEqual([["busy"], []]);
});

test("of several files the picture is taken; where nothing came there was none", async () => {
  const text = { type: "text/plain" };
  const picture = { type: "image/webp" };

  expect(findPicture([text, picture])).toBe(picture);
  expect(findPicture([text])).toBe(text);
  expect(findPicture([])).toBeUndefined();
  const { pictures, told } = makePage();
  await pictures.take(undefined);
  expect(told).toEqual(["refused: no_picture"]);
});
