import { describe, expect, test } from "vitest";
import { RefusedError } from "../../src/server/http.ts";
import type { Search, Trial } from "../../src/server/searches.ts";
import {
  isVaried,
  listChanged,
  listFaults,
  listVaried,
  MOST_CHARACTERS,
  orderProperties,
  readConfiguration,
  sayBounds,
  sayChoice,
  sayTaken,
  writeConfiguration,
} from "../../src/view/console/searches/configuration_text.ts";
import { repeatWhenAsked } from "../../src/view/console/searches/repeat.ts";
import {
  chartCourse,
  chartImportances,
  drawLandscape,
  listDiffering,
} from "../../src/view/console/searches/search_charts.ts";
import {
  listActions,
  sayCounts,
  sayPlan,
  sayTime,
  shareDone,
} from "../../src/view/console/searches/search_words.ts";
import { findSearchKey, searchAddress } from "../../src/view/console/searches/searches_address.ts";
import {
  IN_ORDER,
  sortTrials,
  tabulateTrials,
  turnOrder,
} from "../../src/view/console/searches/trial_order.ts";

const KEY = "6f0c6f0c-0000-4000-8000-000000000000";
const NONE = { waiting: 0, running: 0, finished: 0, pruned: 0, failed: 0, cancelled: 0 };
const SEARCH: Search = {
  key: KEY,
  name: "",
  state: "running",
  method: "grid",
  configuration: { EPOCHS: 1, LEARNING_RATE: [0.001, 0.002], BATCH_SIZE: [10, 20] },
  pruning: false,
  priority: 0,
  requested_by: "ada",
  reason: "",
  num_trials: 4,
  counts: { ...NONE, finished: 2, running: 1, cancelled: 1 },
  best: null,
  importances: null,
  estimated_seconds: 120,
  elapsed_seconds: 60,
  created_at: "2026-11-21T12:00:00Z",
  finished_at: null,
  stopped_by: null,
};

function makeTrial(trial: number, params: Trial["params"], accuracy: number | null = null): Trial {
  return {
    trial,
    state: accuracy === null ? "waiting" : "finished",
    params,
    metrics: accuracy === null ? null : { accuracy, loss: 1 - accuracy },
    worker: null,
    attempt: 1,
    seconds: null,
    run: null,
    error: null,
  };
}

const GRID = [0.001, 0.002].flatMap((rate) =>
  [10, 20].map((size) => ({ EPOCHS: 1, LEARNING_RATE: rate, BATCH_SIZE: size })),
);
const TRIALS = GRID.map((params, index) => makeTrial(index, params, [0.5, 0.8, null, 0.7][index] ?? null));

test("the address of a search leads back to it", () => {
  expect(findSearchKey(searchAddress(KEY))).toBe(KEY);
  for (const hash of ["", "#searches", "#searches=", "#searches=../x"])
    expect(findSearchKey(hash)).toBeUndefined();
});

describe("a configuration", () => {
  test("is read as it is written", () => {
    const configuration = {
      EPOCHS: 1,
      NETWORK: ["cnn", "mlp"],
      LEARNING_RATE: { min: 0.001, max: 0.1, log: true },
      DROPOUT: null,
    };
    const text = writeConfiguration(configuration);

    expect(readConfiguration(text)).toEqual({ configuration });
    expect(text.split("\n")).toHaveLength(6);
    expect(writeConfiguration({})).toBe("{}");
    expect(writeConfiguration({ X: JSON.parse('{"log": true, "max": 2, "min": 1}') })).toContain(
      '{"min": 1, "max": 2, "log": true}',
    );
  });

  test.each(["", "{", "[1]", "null", "3", `"${"x".repeat(MOST_CHARACTERS)}"`])(
    "%.9j is refused in words",
    (text) => {
      expect(readConfiguration(text)).toEqual({
        fault: { name: "", words: expect.stringMatching(/^(It is|Expected)/) },
      });
    },
  );

  test("says what each property may be, and which differ", () => {
    expect(sayChoice([1, 2])).toBe("1 \u00b7 2");
    expect(sayChoice({ min: 0.001, max: 0.1, log: true })).toBe("0.001 to 0.1, by factors");
    expect(sayChoice("cnn")).toBe("cnn");
    expect([[1], [1, 2], 3, { min: 0, max: 1 }, null].map(isVaried)).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(listVaried(SEARCH.configuration)).toEqual(["LEARNING_RATE", "BATCH_SIZE"]);
  });

  test("says what may be written", () => {
    const number = { name: "X", kind: "integer", low: 1, high: 9, words: [], networks: [] } as const;

    expect(sayBounds(number)).toBe("a whole number from 1 to 9");
    expect(sayBounds({ ...number, kind: "word", words: ["cnn", "mlp"] })).toBe("cnn, mlp");
  });

  test("stands in the order of the properties, what is none of them last", () => {
    expect(Object.keys(orderProperties({ B: 1, NEW: 1, A: 1 }, ["A", "B"]))).toEqual(["A", "B", "NEW"]);
  });

  test("a file changes what it names, and the page says what has stayed", () => {
    const before = { EPOCHS: 1, SEED: 0, BATCH_SIZE: 64 };
    const after = { EPOCHS: 2, SEED: 0, BATCH_SIZE: 64 };
    const changed = listChanged(before, after);

    expect(changed).toEqual(["EPOCHS"]);
    expect(sayTaken("grid.json", { EPOCHS: 2 }, changed, after)).toBe(
      "Taken from grid.json; changed: EPOCHS. Left out, and as before: SEED, BATCH_SIZE.",
    );
    expect(sayTaken("same.json", before, [], before)).toBe("Taken from same.json; nothing changed.");
  });

  test("what is refused is named as it stands in the file", () => {
    const error = new RefusedError(422, "no", undefined, [
      { field: "configuration.EPOCHS", detail: "too many" },
      { field: "num_trials", detail: "too few" },
    ]);

    expect(listFaults(error)).toEqual([
      { name: "EPOCHS", words: "too many" },
      { name: "num_trials", words: "too few" },
    ]);
    expect(listFaults(new RefusedError(409, "no", undefined))).toBeUndefined();
  });
});

describe("words", () => {
  test("how much it will be stands there before it starts", () => {
    const plan = { configuration: {}, num_combinations: 8, trials: [], estimated_seconds: 600, estimate: "" };

    expect(sayPlan(plan, "grid")).toBe("8 combinations, about 10 min");
    expect(sayPlan({ ...plan, num_combinations: 1, estimated_seconds: null }, "tpe")).toBe("1 trial");
  });

  test("how far it is: what was put off by a stop is neither over nor lost", () => {
    expect(sayCounts(SEARCH)).toBe("4 trials: 2 finished, 1 running, 1 put off");
    expect(sayCounts({ ...SEARCH, counts: NONE })).toBe("4 trials: none begun");
    expect(shareDone(SEARCH)).toBe(0.5);
    expect(shareDone({ counts: NONE, num_trials: 0 })).toBe(0);
    expect(sayTime(SEARCH)).toBe("1 min so far, about 2 min left");
    expect(sayTime({ ...SEARCH, state: "finished" })).toBe("took 1 min");
  });

  test("only what can be done is offered", () => {
    const best = { trial: 1, params: {}, accuracy: 0.8 };

    expect(listActions(SEARCH)).toEqual(["stop", "extend"]);
    expect(listActions({ state: "stopped", best })).toEqual(["resume", "extend", "candidate"]);
    expect(listActions({ state: "finished", best })).toEqual(["extend", "candidate"]);
  });
});

describe("trials", () => {
  test("are sorted by anything; what is not known stands last, either way", () => {
    const order = turnOrder(IN_ORDER, "accuracy");
    const numbers = (by: typeof order) => sortTrials(TRIALS, by).map(({ trial }) => trial);

    expect(order.isRising).toBe(false);
    expect(numbers(order)).toEqual([1, 3, 0, 2]);
    expect(numbers(turnOrder(order, "accuracy"))).toEqual([0, 3, 1, 2]);
    expect(numbers({ by: "BATCH_SIZE", isRising: true })).toEqual([0, 2, 1, 3]);
  });

  test("are to be had with all their parameters", () => {
    const { columns, rows } = tabulateTrials(TRIALS);

    expect(columns.slice(0, 5)).toEqual(["trial", "state", "EPOCHS", "LEARNING_RATE", "BATCH_SIZE"]);
    for (const row of rows) expect(row).toHaveLength(columns.length);
  });
});

describe("charts", () => {
  test("two properties with few values are a map; a cell without a result is empty", () => {
    const found = drawLandscape(SEARCH, TRIALS);

    expect(found).toMatchObject({
      kind: "heat",
      map: {
        rows: ["0.001", "0.002"],
        columns: ["10", "20"],
        values: [
          [0.5, 0.8],
          [null, 0.7],
        ],
      },
    });
  });

  test("anything else is lines across axes, the last of them accuracy", () => {
    const configuration = { ...SEARCH.configuration, EPOCHS: [1, 2] };
    const found = drawLandscape({ configuration }, TRIALS);

    expect(found?.kind === "parallel" && found.chart.axes.map(({ name }) => name)).toEqual([
      "EPOCHS",
      "LEARNING_RATE",
      "BATCH_SIZE",
      "accuracy",
    ]);
  });

  test("a few points in a wide space are no map", () => {
    const configuration = { LEARNING_RATE: { min: 0.001, max: 0.1 }, DROPOUT: { min: 0, max: 0.5 } };
    const trials = [1, 2, 3, 4, 5].map((each) =>
      makeTrial(each, { LEARNING_RATE: each / 100, DROPOUT: each / 10 }, 0.5),
    );

    expect(drawLandscape({ configuration }, trials)?.kind).toBe("parallel");
  });

  test("what only one of two networks takes does not differ", () => {
    const trials = [
      makeTrial(1, { NETWORK: "mlp", FIRST_UNITS: 96 }, 0.5),
      makeTrial(2, { NETWORK: "lenet5" }, 0.6),
    ];

    expect(listDiffering({ configuration: { NETWORK: ["mlp", "lenet5"], FIRST_UNITS: 96 } }, trials)).toEqual(
      ["NETWORK"],
    );
  });

  test("nothing is drawn of nothing", () => {
    const waiting = [makeTrial(0, null)];

    expect(drawLandscape(SEARCH, waiting)).toBeUndefined();
    expect(chartCourse(waiting)).toBeUndefined();
    expect(chartImportances(SEARCH)).toBeUndefined();
    expect(listDiffering({ configuration: {} }, waiting)).toEqual([]);
  });

  test("what matters most comes first", () => {
    const found = chartImportances({ importances: { SEED: 0.1, EPOCHS: 0.9 } });

    expect(found?.chart.bars.map(({ name }) => name)).toEqual(["EPOCHS", "SEED"]);
  });

  test("the best so far never falls", () => {
    expect(chartCourse(TRIALS)?.table.rows).toEqual([
      [0, 0.5, 0.5],
      [1, 0.8, 0.8],
      [3, 0.7, 0.8],
    ]);
  });
});

test("work that is asked for while it is done is done once more", async () => {
  let finish = () => {};
  let times = 0;
  const ask = repeatWhenAsked(() => {
    times += 1;
    return new Promise((resolve) => {
      finish = () => resolve();
    });
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve));

  ask();
  ask();
  ask();
  expect(times).toBe(1);
  finish();
  await settle();
  expect(times).toBe(2);
  finish();
  await settle();
  expect(times).toBe(2);
  ask();
  expect(times).toBe(3);
});
