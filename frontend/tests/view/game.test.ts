import { describe, expect, test } from "vitest";
import {
  ask,
  askForName,
  closeRound,
  conclude,
  correct,
  DRAWINGS_A_ROUND,
  type Drawn,
  drawFreely,
  finish,
  type Game,
  goOnDrawing,
  hasResult,
  isRoundFull,
  NEW_GAME,
  numberOf,
  playRounds,
} from "../../src/view/draw/game.ts";
import { judge, scoreRound } from "../../src/view/draw/score.ts";
import { makeGuess, makeLabel } from "../testing/guesses.ts";

const cat = makeLabel("cat");
const dog = makeLabel("dog");

function makeDrawn(name: string, change: Partial<Drawn> = {}): Drawn {
  return {
    drawing: [],
    sketch: { strokes: [], bitmap: new Uint8Array(1), height: 1, width: 1 },
    guess: makeGuess({ [name]: 0.9 }),
    thoughts: [{ label: makeLabel(name), atSeconds: 2 }],
    limitSeconds: 30,
    label: makeLabel(name),
    canBeGuessed: true,
    ...change,
  };
}

/** Draw one after the other, from the first prompt on. */
function play(numDrawings: number, from: Game = NEW_GAME): Game {
  let game = ask(from, cat);
  for (let place = 0; place < numDrawings; place++) {
    game = conclude(finish(game), makeDrawn("cat"));
    if (place + 1 < numDrawings) game = ask(game, cat);
  }
  return game;
}

describe("a round", () => {
  test("counts its drawings, and the one on show is the one that was just made", () => {
    expect(numberOf(ask(NEW_GAME, cat))).toBe(1);
    expect(numberOf(play(1))).toBe(1);
    expect(numberOf(ask(play(1), dog))).toBe(2);
    expect(numberOf(finish(ask(play(4), dog)))).toBe(5);
    expect(numberOf(play(5))).toBe(5);
  });

  test("is full with five drawings, and the next one begins another round", () => {
    const full = play(DRAWINGS_A_ROUND);

    expect([isRoundFull(play(4)), isRoundFull(full)]).toEqual([false, true]);
    expect(closeRound(full)).toMatchObject({ phase: "round", asked: undefined, drawn: full.drawn });
    expect(ask(closeRound(full), dog)).toMatchObject({ phase: "drawing", asked: dog, drawn: [] });
  });

  test("uses nothing up when another prompt is asked for", () => {
    expect(numberOf(ask(ask(NEW_GAME, cat), dog))).toBe(1);
  });

  test("keeps everything when a drawing could not be kept", () => {
    const drawing = ask(play(2), dog);

    expect(goOnDrawing(finish(drawing))).toEqual(drawing);
  });

  test("goes on from a result only: not from a drawing that has no name yet, or is being stored", () => {
    const drawing = ask(NEW_GAME, cat);

    expect([drawing, finish(drawing), askForName(drawing)].map(hasResult)).toEqual([false, false, false]);
    expect([play(1), closeRound(play(5))].map(hasResult)).toEqual([true, true]);
  });

  test("takes a drawer's later word for what it was; the others stay", () => {
    const game = play(3);
    const second = game.drawn[1] as Drawn;

    const corrected = correct(game, second, { ...second, label: dog });

    expect(corrected.drawn.map(({ label }) => label.name)).toEqual(["cat", "dog", "cat"]);
    expect(correct(game, makeDrawn("bird"), makeDrawn("dog"))).toEqual(game);
  });
});

describe("free drawing", () => {
  test("asks for nothing, and for a name afterwards; nothing of it is counted", () => {
    const drawing = drawFreely(play(2));

    expect(drawing).toMatchObject({ mode: "free", phase: "drawing", asked: undefined });
    expect(askForName(finish(drawing)).phase).toBe("naming");
    expect(conclude(finish(drawing), makeDrawn("dog")).drawn).toHaveLength(2);
  });

  test("lets a round wait, but not one that was looked back at", () => {
    const back = ask(playRounds(drawFreely(play(2))), dog);
    expect([numberOf(back), back.mode]).toEqual([3, "round"]);

    expect(drawFreely(closeRound(play(5))).drawn).toEqual([]);
    expect(isRoundFull(playRounds(drawFreely(play(5))))).toBe(true);
  });
});

describe("the score", () => {
  test("recognised is what the model came to in the end, since when it stayed with it", () => {
    expect(judge(makeDrawn("cat"))).toEqual({ kind: "recognised", afterSeconds: 2 });
    const wavering = [
      { label: cat, atSeconds: 1 },
      { label: dog, atSeconds: 3 },
    ];
    expect(judge(makeDrawn("cat", { thoughts: wavering }))).toEqual({ kind: "missed" });
    expect(judge(makeDrawn("dog", { thoughts: wavering }))).toEqual({ kind: "recognised", afterSeconds: 3 });
    expect(judge(makeDrawn("cat", { thoughts: [] }))).toEqual({ kind: "missed" });
  });

  test("after the time is late, and without a timer never", () => {
    const thoughts = [{ label: cat, atSeconds: 31 }];

    expect(judge(makeDrawn("cat", { thoughts })).kind).toBe("late");
    expect(judge(makeDrawn("cat", { thoughts, limitSeconds: undefined })).kind).toBe("recognised");
  });

  test("what the model could not have known does not count", () => {
    expect(judge(makeDrawn("cat", { canBeGuessed: false })).kind).toBe("uncounted");
    expect(judge(makeDrawn("cat", { guess: undefined })).kind).toBe("uncounted");

    const round = [
      makeDrawn("cat"),
      makeDrawn("dog", { thoughts: [] }),
      makeDrawn("cat", { guess: undefined }),
    ];
    expect(scoreRound(round)).toEqual({ numRecognised: 1, numCounted: 2 });
  });
});
