/** A run's report as the server keeps it; docs/reports.md explains each field. */
import type { Verdict } from "./operator.ts";

export interface Picture {
  readonly label: string;
  /** Base64 of height x width bytes, row by row; 0 paper, 255 ink. */
  readonly bitmap: string;
}

export interface WorstMistake extends Picture {
  readonly guess: string;
  /** In the guess, in [0, 1]. */
  readonly confidence: number;
  readonly label_confidence: number;
  /** Null before the verdict. */
  readonly live_guess: string | null;
}

export interface Part {
  readonly name: string;
  readonly num_doodles: number;
  /** By label, in the report's order. */
  readonly counts: readonly number[];
}

export interface Epoch {
  readonly epoch: number;
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly validation_loss: number | null;
  readonly validation_accuracy: number | null;
}

export interface Training {
  readonly plan: Readonly<Record<string, unknown>>;
  readonly parent_version: string | null;
  readonly num_validation: number;
  readonly epochs: readonly Epoch[];
  readonly best_epoch: number;
  readonly num_steps: number;
  readonly seconds_per_step: number | null;
}

export interface Model {
  readonly version: string;
  readonly network: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly num_parameters: number;
  readonly num_multiply_adds: number;
  readonly files: readonly { readonly role: string; readonly size_bytes: number }[];
}

export interface Average {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly roc_area: number | null;
}

export interface LabelResult extends Average {
  readonly label: string;
  readonly num_doodles: number;
  readonly num_guessed: number;
  /** (share of the others taken for it, share of its own found), rising. */
  readonly roc: readonly (readonly [number, number])[] | null;
}

export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly num_doodles: number;
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

export interface Result {
  readonly accuracy: number;
  readonly log_loss: number;
  readonly labels: readonly LabelResult[];
  readonly macro: Average;
  readonly weighted: Average;
  /** Row = label, column = guess. */
  readonly confusion: readonly (readonly number[])[] | null;
  readonly calibration: readonly Bin[];
  readonly calibration_error: number;
  /** Share of the drawings that it does not call unknown; null, or not there, where nobody measured it. */
  readonly kept?: number | null;
}

export interface Holdout {
  readonly name: string;
  readonly num_doodles: number;
  readonly commonest_share: number;
  readonly candidate: Result;
  readonly live: Result | null;
  readonly mistakes: readonly WorstMistake[];
}

export interface Report {
  readonly format_version: 1;
  readonly run: string;
  readonly stage: "read" | "trained" | "tested" | "judged";
  readonly label_set: string;
  readonly labels: readonly string[];
  /** Labels the version it began from did not know; reports of before there were such tell none. */
  readonly new_labels?: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly seed: number;
  /** What was left out before; null, or not there, in reports of before there was a quarantine. */
  readonly screening?: {
    readonly words: string;
    readonly num_doodles: number;
    /** By reason. */
    readonly counts: Readonly<Record<string, number>>;
  } | null;
  readonly parts: readonly Part[];
  readonly samples: readonly Picture[];
  readonly training: Training | null;
  readonly model: Model | null;
  readonly holdouts: readonly Holdout[];
  readonly compared_with: string | null;
  readonly verdict: Verdict | null;
  readonly stage_seconds: Readonly<Record<string, number>>;
}
