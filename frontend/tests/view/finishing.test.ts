import { beforeEach, expect, test } from "vitest";
import type { Manifest } from "../../src/predict/manifest.ts";
import type { Delivery } from "../../src/server/outbox.ts";
import { Finishing } from "../../src/view/draw/finishing.ts";
import { ask, drawFreely, type Game, NEW_GAME } from "../../src/view/draw/game.ts";
import { makeGuess, makeLabel } from "../testing/guesses.ts";

const [cat, dog, fish] = [makeLabel("cat"), makeLabel("dog"), makeLabel("fish")];
const MANIFEST = {} as Manifest;
const STORED: Delivery = { kind: "stored" };

type Choose = (label: typeof cat | undefined) => void;

/** What was handed over to be sent; a test answers it. */
interface Letter {
  readonly label: string;
  readonly answer: (delivery: Delivery) => void;
}

let game: Game;
let choose: Choose;
let said: string[];
let notices: string[];
let sent: Letter[];
let numFreshPens: number;
/** Thrown by an easel that cannot make a sketch. */
let broken: Error | undefined;
let finishing: Finishing;

function send(label: string): Promise<Delivery> {
  return new Promise((answer) => sent.push({ label, answer }));
}

const labelsSent = () => sent.map(({ label }) => label);
const answered = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  [said, notices, sent] = [[], [], []];
  [numFreshPens, broken] = [0, undefined];
  const note = (words: () => string) => said.push(words());
  finishing = new Finishing({
    board: {
      get game() {
        return game;
      },
      change: (next) => {
        game = next;
      },
    },
    easel: {
      finish: async () => {
        if (broken) throw broken;
        const sketch = { strokes: [], bitmap: new Uint8Array(1), height: 1, width: 1 };
        return { drawing: [], sketch, guess: makeGuess({ cat: 0.9 }), thoughts: [] };
      },
      goOn: () => {
        numFreshPens += 1;
      },
    },
    prompts: { labels: [cat, dog, fish], canBeGuessed: () => true },
    result: {
      isOpen: true,
      open: note,
      say: note,
      close: () => {},
      askForName: (_labels, _guessed, onChoice) => {
        choose = onChoice;
      },
      offer: (_labels, _current, onChoice) => {
        choose = onChoice as Choose;
      },
    },
    sending: {
      send: async (_finished, label) => ({ id: "an id", outcome: await send(label.name) }),
      correct: (_id, label) => send(label.name),
    },
    next: { focus: () => {} },
    preferences: { current: { isStoring: true, hasTimer: true } },
    notify: (words) => notices.push(words),
  });
});

/** Draw a cat that was asked for, and have it stored. */
async function drawCat(): Promise<void> {
  game = ask(NEW_GAME, cat);
  const finished = finishing.finish(MANIFEST);
  await answered();
  sent[0]?.answer(STORED);
  await finished;
}

test("a free drawing is stored once, under the first name, however often one is chosen", async () => {
  game = drawFreely(NEW_GAME);
  await finishing.finish(MANIFEST);
  expect(game.phase).toBe("naming");

  choose(cat);
  choose(cat);
  choose(dog);
  choose(undefined);

  expect(labelsSent()).toEqual(["cat"]);
  expect(game.phase).toBe("storing");
  sent[0]?.answer(STORED);
  await expect.poll(() => game.phase).toBe("done");
});

test("a drawing that the page cannot even read stays on the pad, and one can go on", async () => {
  game = ask(NEW_GAME, cat);
  broken = new TypeError("no such function in this browser");

  await expect(finishing.finish(MANIFEST)).rejects.toThrow(broken);

  expect([game.phase, numFreshPens, notices.length]).toEqual(["drawing", 1, 1]);
});

test.each([
  ["in their order", [0, 1]],
  ["the other way round", [1, 0]],
])("the last of two corrections counts here as on the server, answered %s", async (_case, order) => {
  await drawCat();
  choose(dog);
  choose(fish);

  for (const place of order) {
    sent[1 + place]?.answer(STORED);
    await answered();
  }

  expect(labelsSent()).toEqual(["cat", "dog", "fish"]);
  expect(game.drawn.map(({ label }) => label.name)).toEqual(["fish"]);
  expect(said.at(-1)).toContain("fish");
});

test("a correction that is refused leaves the one before, whichever is answered first", async () => {
  await drawCat();
  choose(dog);
  choose(fish);

  sent[2]?.answer({ kind: "refused", reason: "No such label." });
  await answered();
  sent[1]?.answer(STORED);
  await answered();

  expect(game.drawn.map(({ label }) => label.name)).toEqual(["dog"]);
});
