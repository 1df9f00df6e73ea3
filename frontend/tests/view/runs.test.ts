import { describe, expect, test } from "vitest";
import { type Curve, type CurvePoint, listPath, type TrackedRun } from "../../src/server/runs.ts";
import { chartMeasure, USUAL } from "../../src/view/console/runs/curve_charts.ts";
import { extend, hasBegunAnew, hearProgress, NO_CURVE } from "../../src/view/console/runs/curve_growth.ts";
import { compareArguments, nameRuns } from "../../src/view/console/runs/differences.ts";
import { hearRun } from "../../src/view/console/runs/listed_runs.ts";
import { addLines, filterLines, sayFields } from "../../src/view/console/runs/log_words.ts";
import { findBest, findScore, listMeasures } from "../../src/view/console/runs/measures.ts";
import { hearNotes, NO_NOTES, sayNotes } from "../../src/view/console/runs/notes_state.ts";
import { nextSort } from "../../src/view/console/runs/run_table.ts";
import { sayAccuracy, sayStanding, sayTitle, sayTook } from "../../src/view/console/runs/run_words.ts";
import {
  comparisonAddress,
  findPlace,
  likeAddress,
  listAddress,
  runAddress,
} from "../../src/view/console/runs/runs_address.ts";
import { smooth } from "../../src/view/console/runs/smooth.ts";

const ONE = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const NOW = Date.parse("2026-01-02T03:04:05Z");

function run(key: string, more: Partial<TrackedRun> = {}): TrackedRun {
  return {
    key,
    kind: "scratch",
    state: "running",
    trigger: "operator",
    requested_by: "ada",
    reason: null,
    worker: null,
    sent_to: null,
    cancel_requested_at: null,
    progress: null,
    num_new_doodles: null,
    num_replay_doodles: null,
    parent_version: null,
    candidate_version: null,
    verdict: null,
    error: null,
    created_at: "2026-01-02T03:00:00Z",
    started_at: "2026-01-02T03:03:05Z",
    finished_at: null,
    dataset: "all",
    network: "cnn",
    network_args: {},
    train_args: {},
    priority: 0,
    notes: "",
    search: null,
    trial: null,
    attempt: 1,
    metrics: null,
    ...more,
  };
}

function progress(step: number, more: object = {}): NonNullable<TrackedRun["progress"]> {
  const point = step === 0 ? null : pointAt(step);
  const known = { stage: "training", epoch: 0, num_epochs: 2, step, num_steps: 100 };
  return { ...known, loss: 1, accuracy: 0.5, eta_seconds: 30, learning_rate: 0.001, point, ...more };
}

function pointAt(step: number, loss: number | null = 1): CurvePoint {
  return { step, epoch: 0, loss, accuracy: 0.5, learning_rate: 0.001 };
}

describe("an address", () => {
  test("leads back to what it was made of", () => {
    const filter = {
      state: "failed",
      kind: "delta",
      network: "cnn",
      q: "more dogs & cats",
      sort: "-accuracy",
    } as const;

    expect(findPlace(listAddress(filter))).toEqual({ page: "list", filter });
    expect(findPlace(runAddress(ONE))).toEqual({ page: "run", key: ONE });
    expect(findPlace(comparisonAddress([ONE, OTHER]))).toEqual({ page: "compared", keys: [ONE, OTHER] });
    expect(findPlace(likeAddress(ONE))).toEqual({ page: "list", filter: {}, like: ONE });
    expect(listAddress({})).toBe("#runs");
  });

  test("that names what there cannot be is nowhere, and a filter that means nothing is none", () => {
    const seven = Array.from({ length: 7 }, (_, index) => ONE.replace("1111-4", `111${index}-4`));

    for (const hash of [
      "#runs=",
      "#runs=1",
      "#runs&compare=",
      `#runs&compare=${ONE},x`,
      comparisonAddress(seven),
    ])
      expect(findPlace(hash)).toEqual({ page: "nowhere" });
    expect(findPlace("#runs&state=odd&sort=%22&kind=")).toEqual({ page: "list", filter: {} });
  });
});

test("a list is asked for by what matters", () => {
  expect(listPath({ state: "running", q: "a b" }, 25, "x=")).toBe(
    "/api/v1/train?state=running&q=a+b&limit=25&cursor=x%3D",
  );
  expect(listPath({}, 25)).toBe("/api/v1/train?limit=25");
});

test("a column is sorted the way that puts the best first, and the other way when asked again", () => {
  expect(nextSort("-created_at", "accuracy")).toBe("-accuracy");
  expect(nextSort("-accuracy", "accuracy")).toBe("accuracy");
  expect(nextSort("-accuracy", "loss")).toBe("loss");
});

describe("smoothing", () => {
  test("leaves the first value where it is, and what is level level", () => {
    expect(smooth([[1, 4]], 0.9)).toEqual([[1, 4]]);
    for (const [, y] of smooth(
      [1, 2, 3, 4].map((x) => [x, 2] as const),
      0.9,
    ))
      expect(y).toBeCloseTo(2, 12);
  });

  test("weighs what lies further back less, by the share", () => {
    const [, second] = smooth(
      [
        [0, 0],
        [1, 1],
      ],
      0.5,
    );

    expect(second?.[1]).toBeCloseTo(0.5 / 0.75, 12);
    expect(
      smooth(
        [
          [0, 0],
          [1, 1],
        ],
        0,
      ),
    ).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});

describe("a curve", () => {
  test("grows by what is heard, once", () => {
    const grown = [5, 5, 4, 9].reduce((curve, step) => hearProgress(curve, progress(step)), NO_CURVE);

    expect(grown.points.map(({ step }) => step)).toEqual([5, 9]);
    expect(hearProgress(grown, null)).toBe(grown);
    expect(hearProgress(grown, progress(0))).toBe(grown);
  });

  test("takes what was asked for in place of what was heard there", () => {
    const curve: Curve = { points: [pointAt(5), pointAt(10, 9)], epochs: [] };
    const epoch = { epoch: 1, loss: 1, accuracy: 1, validation_loss: 1, validation_accuracy: 1, seconds: 1 };

    const longer = extend(curve, { points: [pointAt(7), pointAt(10)], epochs: [epoch] }, 5);

    expect(longer.points.map(({ step, loss }) => [step, loss])).toEqual([
      [5, 1],
      [7, 1],
      [10, 1],
    ]);
    expect(extend(longer, { points: [], epochs: [{ ...epoch, loss: 2 }] }, 10).epochs).toEqual([
      { ...epoch, loss: 2 },
    ]);
    expect(extend(longer, NO_CURVE, undefined).points).toEqual([]);
  });

  test("of a run that was taken up again begins anew", () => {
    const curve: Curve = { points: [pointAt(50)], epochs: [] };

    expect(hasBegunAnew(curve, progress(3))).toBe(true);
    expect(hasBegunAnew(curve, progress(60))).toBe(false);
    expect(hasBegunAnew(curve, progress(0, { num_steps: 0, stage: "reading" }))).toBe(false);
  });

  test("is drawn smooth with the raw one faint behind it, in the same colour; the table has what was measured", () => {
    const curves = [ONE, OTHER].map((name) => ({
      name,
      curve: { points: [pointAt(1, 4), pointAt(2, 0)], epochs: [] },
    }));

    const made = chartMeasure(curves, "loss", { ...USUAL, smoothing: 0.5 });

    expect(made?.chart.series.map(({ colour, isFaint = false }) => [colour, isFaint])).toEqual([
      [0, true],
      [1, true],
      [0, false],
      [1, false],
    ]);
    expect(made?.table).toEqual({
      columns: ["step", ONE, OTHER],
      rows: [
        [1, 4, 4],
        [2, 0, 0],
      ],
    });
    expect(chartMeasure(curves, "loss", { ...USUAL, by: "epoch" })).toBeUndefined();
  });

  test("by epoch has what was held back beside it; accuracy is never on a logarithmic axis", () => {
    const epochs = [
      { epoch: 1, loss: 1, accuracy: 0.5, validation_loss: null, validation_accuracy: 0.4, seconds: 1 },
    ];
    const settings = { by: "epoch", smoothing: 0.9, isLog: true } as const;

    const [loss, accuracy] = (["loss", "accuracy"] as const).map((measure) =>
      chartMeasure([{ name: "a", curve: { points: [], epochs } }], measure, settings),
    );

    expect(loss?.chart.series.map(({ name }) => name)).toEqual(["training"]);
    expect(accuracy?.chart.series.map(({ name }) => name)).toEqual(["training", "held back"]);
    expect([loss?.chart.logY, accuracy?.chart.logY]).toEqual([true, false]);
  });
});

test("arguments that differ are told from those that do not", () => {
  const told = compareArguments([
    run(ONE, { network_args: { dropout: 0 }, train_args: { epochs: 3 } }),
    run(OTHER, { network: "mlp", network_args: { dropout: 0, first_units: 32 }, train_args: { epochs: 3 } }),
  ]);

  expect(told.filter(({ isDifferent }) => isDifferent)).toEqual([
    { name: "network", values: ["cnn", "mlp"], isDifferent: true },
    { name: "first_units", values: [undefined, 32], isDifferent: true },
  ]);
  expect(told.map(({ name }) => name)).toEqual([
    "kind",
    "dataset",
    "network",
    "dropout",
    "epochs",
    "first_units",
  ]);
});

test("a legend names runs by their networks, or else by what they were told", () => {
  const told = (epochs: number) => ({ train_args: { epochs, seed: epochs, batch_size: epochs } });
  const [one, other] = [run(ONE, told(3)), run(OTHER, told(5))];

  expect([...nameRuns([one, { ...other, network: "mlp" }]).values()]).toEqual([
    "cnn 11111111",
    "mlp 22222222",
  ]);
  expect([...nameRuns([one, other]).values()]).toEqual([
    "cnn 11111111, epochs 3, seed 3",
    "cnn 22222222, epochs 5, seed 5",
  ]);
});

describe("measures", () => {
  const holdout = (accuracy: number) => ({ num_doodles: 10, accuracy, log_loss: 0.5, recalls: { cat: 1 } });

  test("are found by part, and by model and holdout", () => {
    const metrics = {
      live: { recent: null },
      train: { accuracy: 0.9, loss: 0.1 },
      candidate: { recent: holdout(0.8) },
      validation: null,
      seconds: { fit: 3 },
    };

    expect(listMeasures(metrics)).toEqual([
      { name: "train", accuracy: 0.9, log_loss: 0.1, num_doodles: null },
      { name: "candidate, recent", accuracy: 0.8, log_loss: 0.5, num_doodles: 10 },
    ]);
    expect(listMeasures(null)).toEqual([]);
  });

  test("a run is known by its test, then by what it made of recent drawings", () => {
    const candidate = { base: holdout(0.7), recent: holdout(0.8) };

    expect(findScore({ candidate })?.accuracy).toBe(0.8);
    expect(findScore({ candidate, test: holdout(0.6) })?.accuracy).toBe(0.6);
    expect(findScore({})).toBeUndefined();
  });

  test("the best one is only named where there is a choice", () => {
    expect(findBest([1, null, 3], "high")).toBe(3);
    expect(findBest([1, null, 3], "low")).toBe(1);
    expect(findBest([1, null], "low")).toBeUndefined();
    expect(findBest([2, 2], "high")).toBeUndefined();
  });
});

describe("the list, when a run is heard of", () => {
  const listed = [run(ONE)];

  test("progress is written where it is", () => {
    const heard = hearRun(listed, run(ONE, { priority: 3 }), new Map(), {});

    expect(heard).toEqual({ runs: [run(ONE, { priority: 3 })], isStale: false });
  });

  test("is asked for anew once when a run comes or changes its state, and not for a trial that nobody looks at", () => {
    const waiting = run(OTHER, { state: "waiting" });

    expect(hearRun(listed, waiting, new Map(), {}).isStale).toBe(true);
    expect(hearRun(listed, waiting, new Map([[OTHER, "waiting"]]), {}).isStale).toBe(false);
    expect(hearRun(listed, run(ONE, { state: "finished" }), new Map(), {}).isStale).toBe(true);
    expect(hearRun(listed, run(OTHER, { kind: "trial" }), new Map(), {}).isStale).toBe(false);
    expect(hearRun(listed, run(OTHER, { kind: "trial" }), new Map(), { kind: "trial" }).isStale).toBe(true);
  });
});

describe("notes", () => {
  const known = hearNotes(NO_NOTES, "old");

  test("say whether they are saved", () => {
    expect(sayNotes(NO_NOTES)).toBe("");
    expect(sayNotes(known)).toBe("Saved.");
    expect(sayNotes({ ...known, written: "new" })).toBe("Not saved yet.");
    expect(sayNotes({ ...known, written: "new", sent: "new" })).toBe("Saving \u2026");
    expect(sayNotes({ ...known, written: "new", trouble: "too long" })).toBe("Not saved: too long");
  });

  test("are not taken from under the hands of who writes them", () => {
    expect(hearNotes({ ...known, written: "mine" }, "theirs").written).toBe("mine");
    expect(hearNotes(known, "theirs").written).toBe("theirs");
  });
});

describe("the log", () => {
  const line = (number: number, level = "info") => ({
    line: number,
    at: "2026-01-02T03:04:05Z",
    level,
    event: "epoch_ended",
    fields: { epoch: 2, what: "fit" },
  });

  test("shows a level and what is more serious; what it does not know is shown", () => {
    const lines = ["debug", "info", "WARNING", "error", "odd"].map((level, index) => line(index, level));

    expect(filterLines(lines, "warning").map(({ level }) => level)).toEqual(["WARNING", "error", "odd"]);
    expect(filterLines(lines, "debug")).toHaveLength(5);
  });

  test("grows by what is new, and keeps the newest", () => {
    expect(addLines([line(1), line(2)], [line(2), line(3)], 2).map((each) => each.line)).toEqual([2, 3]);
    expect(sayFields(line(1))).toBe("epoch=2 what=fit");
  });
});

describe("a run in words", () => {
  const plain = (words: string) => words.replaceAll("\u00a0", " ");

  test("says what it is about", () => {
    expect(sayTitle(run(ONE, { kind: "delta", num_new_doodles: 212 }))).toBe("212 new drawings");
    expect(sayTitle(run(ONE))).toBe("cnn on all drawings");
    expect(sayTitle(run(ONE, { kind: "trial", trial: 3 }))).toBe("Trial 3");
  });

  test("says how far it is, and how good", () => {
    const running = run(ONE, { progress: progress(25) });

    expect(plain(sayStanding(running))).toBe("25 %, about 30 s left");
    expect(sayAccuracy(running).map(plain)).toEqual(["50 %", "in training"]);
    const ended = run(ONE, { state: "finished", metrics: { test: { accuracy: 0.8 } } });
    expect(sayAccuracy(ended).map(plain)).toEqual(["80.0 %", "test"]);
    expect(sayStanding(ended)).toBe("");
  });

  test("says how long it takes", () => {
    expect(sayTook(run(ONE), NOW)).toBe("for 1 min");
    expect(sayTook(run(ONE, { finished_at: "2026-01-02T03:03:10Z" }), NOW)).toBe("took 5 s");
    expect(sayTook(run(ONE, { started_at: null }), NOW)).toBe("");
  });
});
