import { describe, expect, test } from "vitest";
import type { Choices, TrackedRun } from "../../src/server/runs.ts";
import {
  type Draft,
  draftOf,
  listArguments,
  sayBounds,
  sayOrdered,
  spreadErrors,
  toOrder,
} from "../../src/view/console/runs/order_words.ts";

const CHOICES: Choices = {
  default_network: "doodlenet",
  datasets: ["base", "users", "all"],
  networks: [
    {
      name: "cnn",
      words: "Convolutions.",
      arguments: [{ name: "dense_units", type: "integer", minimum: 8, maximum: 512, default: 64 }],
    },
    { name: "doodlenet", words: "Ours.", arguments: [] },
  ],
  train_args: [
    { name: "epochs", type: "integer", minimum: 1, maximum: 100, default: null },
    { name: "learning_rate", type: "number", minimum: 0.000001, maximum: 1, default: 0.001 },
    { name: "augment", type: "boolean", default: true },
  ],
  max_doodles: { minimum: 100, maximum: 200_000 },
};

const draft = (way: Draft["way"], texts: Draft["texts"] = {}): Draft => ({ way, texts });

describe("an order", () => {
  test("says only what was told", () => {
    expect(toOrder(draft("delta"), CHOICES)).toEqual({ order: {} });
    expect(toOrder(draft("scratch"), CHOICES)).toEqual({ order: { dataset: "all", network: "doodlenet" } });
  });

  test("says numbers as numbers, each in its place", () => {
    const texts = {
      network: "cnn",
      dataset: "base",
      "network_args.dense_units": "32",
      "train_args.learning_rate": " 0,002 ",
      "train_args.augment": "no",
      max_doodles: "500",
      priority: "-3",
      worker: "colab-1",
      reason: " why not ",
    };

    expect(toOrder(draft("scratch", texts), CHOICES)).toEqual({
      order: {
        dataset: "base",
        network: "cnn",
        network_args: { dense_units: 32 },
        train_args: { learning_rate: 0.002, augment: false },
        max_doodles: 500,
        priority: -3,
        worker: "colab-1",
        reason: "why not",
      },
    });
  });

  test("leaves out what stood in fields that are hidden by now", () => {
    const texts = {
      network: "doodlenet",
      dataset: "base",
      "network_args.dense_units": "32",
      max_doodles: "500",
    };

    expect(toOrder(draft("scratch", texts), CHOICES)).toEqual({
      order: { dataset: "base", network: "doodlenet", max_doodles: 500 },
    });
    expect(toOrder(draft("delta", texts), CHOICES)).toEqual({ order: {} });
  });

  test("that cannot be is not made: what is wrong stands by its field", () => {
    const texts = {
      network: "cnn",
      "network_args.dense_units": "7",
      "train_args.epochs": "1.5",
      "train_args.learning_rate": "fast",
    };

    expect(toOrder(draft("scratch", texts), CHOICES)).toEqual({
      wrong: {
        "network_args.dense_units": "It goes from 8 to 512.",
        "train_args.epochs": "A whole number, please.",
        "train_args.learning_rate": "A number, please.",
      },
    });
  });
});

test("an order like a run's says what that one was told", () => {
  const run = {
    key: "12345678-1111-4111-8111-111111111111",
    kind: "scratch",
    dataset: "base",
    network: "cnn",
    network_args: { dense_units: 32 },
    train_args: { epochs: 3, augment: false },
  } as unknown as TrackedRun;

  expect(toOrder(draftOf(run), CHOICES)).toEqual({
    order: {
      dataset: "base",
      network: "cnn",
      network_args: { dense_units: 32 },
      train_args: { epochs: 3, augment: false },
      reason: "like 12345678",
    },
  });
});

test("the fields are those of the network that is chosen", () => {
  const fields = (network: string) =>
    listArguments(draft("scratch", { network }), CHOICES).flatMap(([field]) =>
      field.startsWith("network") ? [field] : [],
    );

  expect(fields("cnn")).toEqual(["network_args.dense_units"]);
  expect(fields("doodlenet")).toEqual([]);
});

test("bounds and defaults are shown", () => {
  expect(CHOICES.train_args.map(sayBounds)).toEqual([
    "1 to 100; by the kind of run if left empty",
    "0.000001 to 1; 0.001 if left empty",
    "",
  ]);
});

describe("what the server refuses", () => {
  test("stands beside its field, and above where the form has none such", () => {
    const errors = [
      { field: "train_args.epochs", detail: "Too many." },
      { field: "label_set", detail: "Unknown." },
    ];

    expect(spreadErrors("2 fields", errors, ["train_args.epochs"])).toEqual({
      "train_args.epochs": "Too many.",
      "": "label_set: Unknown.",
    });
    expect(spreadErrors("Nothing is live.", [], [])).toEqual({ "": "Nothing is live." });
  });
});

test("what became of an order is said, with what keeps it waiting", () => {
  const key = "12345678-1111-4111-8111-111111111111";

  expect(sayOrdered({ key, sent_to: null, note: null })).toBe("Run 12345678 is queued.");
  expect(sayOrdered({ key, sent_to: "colab-1", note: "It is lost." })).toBe(
    "Run 12345678 is queued for colab-1. It is lost.",
  );
});
