import { expect, test } from "vitest";
import { PenWords } from "../../src/view/draw/pen_words.ts";

const up = { at: { x: 500, y: 250 }, isDown: false, isShown: true };

/** Pen words that are kept, and callbacks that are due when the test says so. */
function makePenWords() {
  const said: string[] = [];
  const due: (() => void)[] = [];
  const words = new PenWords(
    (each) => said.push(each),
    (_, callback) => due.push(callback),
  );
  return { said, words, rest: () => due.splice(0).forEach((callback) => void callback()) };
}

test("a pen that is put down, lifted or put away is told of at once", () => {
  const { said, words } = makePenWords();
  words.hear({ ...up, isDown: true });
  words.hear(up);
  words.hear({ ...up, isShown: false });

  expect(said).toEqual([
    "Pen down: 50 percent across, 25 percent down.",
    "Pen up: 50 percent across, 25 percent down.",
    "Pen put away.",
  ]);
});

test("its way is told once it rests, and only where it came to rest", () => {
  const { said, words, rest } = makePenWords();
  words.hear(up);
  words.hear({ ...up, at: { x: 525, y: 250 } });
  words.hear({ ...up, at: { x: 550, y: 250 } });
  rest();

  expect(said.slice(1)).toEqual(["Pen up: 55 percent across, 25 percent down."]);
});
