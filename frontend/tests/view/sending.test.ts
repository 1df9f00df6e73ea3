import { expect, test } from "vitest";
import type { Doodle } from "../../src/server/doodles.ts";
import { Sending } from "../../src/view/draw/sending.ts";
import { makeGuess, makeLabel } from "../testing/guesses.ts";

const cat = makeLabel("cat");
const finished = {
  drawing: [],
  sketch: {
    strokes: [
      [
        [0, 255],
        [0, 0],
      ],
    ] as const,
    bitmap: Uint8Array.of(0, 255),
    height: 1,
    width: 2,
  },
  guess: makeGuess({ dog: 0.7, cat: 0.3 }),
  thoughts: [],
  limitSeconds: undefined,
};

function start(isStoring: boolean) {
  const put: Doodle[] = [];
  const asked: Uint8Array[] = [];
  const sending = new Sending({
    outbox: {
      putDoodle: async (doodle) => {
        put.push(doodle);
        return { kind: "stored" };
      },
      putCorrection: async () => ({ kind: "waiting" }),
    },
    shadow: {
      answer: async (bitmap) => {
        asked.push(bitmap);
        return { version: "bbbbbbbbbbbb", guess: "cat", confidence: 0.6 };
      },
    },
    newId: () => "an id",
    isStoring: () => isStoring,
  });
  return { put, asked, sending };
}

test("a drawing is sent as it was guessed, under its drawer's label, with the shadow's answer", async () => {
  const { put, sending } = start(true);

  expect(await sending.send(finished, cat)).toEqual({ id: "an id", outcome: { kind: "stored" } });

  expect(put).toEqual([
    {
      id: "an id",
      label: "cat",
      bitmap: btoa("\u0000\u00ff"),
      strokes: finished.sketch.strokes,
      guess: "dog",
      confidence: 0.7,
      model_version: "aaaaaaaaaaaa",
      known: true,
      shadow: { version: "bbbbbbbbbbbb", guess: "cat", confidence: 0.6 },
    },
  ]);
});

test("without a guess it says so, and nobody asks the shadow", async () => {
  const { put, asked, sending } = start(true);

  await sending.send({ ...finished, guess: undefined }, cat);

  expect(put[0]).toMatchObject({ guess: null, confidence: null, model_version: null, known: null });
  expect(put[0]).not.toHaveProperty("shadow");
  expect(asked).toEqual([]);
});

test("who does not store sends nothing, to nobody", async () => {
  const { put, asked, sending } = start(false);

  expect((await sending.send(finished, cat)).outcome).toEqual({ kind: "unsent" });

  expect([put, asked]).toEqual([[], []]);
});
