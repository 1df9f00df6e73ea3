/** What is said of runs. */
import type { Scalar, TrackedRun } from "../../../server/runs.ts";
import { sayPercent } from "../../percent.ts";
import { sayAgo, sayAmount, sayDuration, sayShare } from "../words.ts";
import { findScore } from "./measures.ts";

export const NOTHING = "\u2013";

type Named = Pick<TrackedRun, "key">;

/** A run's name, short as a commit's. */
export function shortKey({ key }: Named): string {
  return key.slice(0, 8);
}

const DATASETS: Readonly<Record<string, string>> = {
  new: "new drawings",
  base: "base data",
  users: "users\u2019 drawings",
  all: "all drawings",
};

type Told = Pick<TrackedRun, "kind" | "num_new_doodles" | "network" | "dataset" | "trial">;

/** Say what a run is about. */
export function sayTitle({ kind, num_new_doodles: fresh, network, dataset, trial }: Told): string {
  if (kind === "delta") return fresh === null ? "New drawings" : sayAmount(fresh, "new drawing");
  if (kind === "trial") return trial === null ? "Trial" : `Trial ${trial}`;
  const drawings = dataset === null ? undefined : DATASETS[dataset];
  return `${network ?? "A network"} on ${drawings ?? dataset ?? "drawings"}`;
}

type Asked = Pick<TrackedRun, "trigger" | "requested_by" | "reason">;

export function sayWhy({ trigger, requested_by: by, reason }: Asked): string {
  if (trigger === "schedule") return "by schedule";
  if (trigger === "doodles") return "because enough had come in";
  return `by ${by ?? "an operator"}${reason ? `: ${reason}` : ""}`;
}

type Timed = Pick<TrackedRun, "created_at" | "started_at" | "finished_at">;

/** How long a run has taken, so far where it goes on. @returns undefined before it has started. */
export function measureSeconds({ started_at, finished_at }: Timed, now: number): number | undefined {
  if (started_at === null) return undefined;
  const end = finished_at === null ? now : Date.parse(finished_at);
  return Math.max(0, (end - Date.parse(started_at)) / 1000);
}

export function sayTook(run: Timed, now: number): string {
  const seconds = measureSeconds(run, now);
  if (seconds === undefined) return "";
  return run.finished_at === null ? `for ${sayDuration(seconds)}` : `took ${sayDuration(seconds)}`;
}

export function sayCreated(run: Timed, now: number): string {
  return sayAgo(run.created_at, now);
}

/** Say how good a run's network is: at its end as it was measured, before that as it trains. */
export function sayAccuracy({ metrics, progress, state }: TrackedRun): [figure: string, of: string] {
  const score = findScore(metrics);
  if (score) return [sayShare(score.accuracy), score.name];
  if (state === "running" && progress?.accuracy != null)
    return [sayPercent(progress.accuracy), "in training"];
  return [NOTHING, ""];
}

export function sayLoss({ metrics, progress, state }: TrackedRun): string {
  const loss = findScore(metrics)?.log_loss ?? (state === "running" ? progress?.loss : null);
  return loss == null ? NOTHING : loss.toFixed(3);
}

/** Say how far a run is, in a few words. */
export function sayStanding({ progress, state }: TrackedRun): string {
  if (state !== "running" || progress === null) return "";
  const { stage, step, num_steps: steps, eta_seconds: left } = progress;
  if (steps === 0) return stage;
  const share = sayPercent(Math.min(1, step / steps));
  return left === null ? share : `${share}, about ${sayDuration(Math.max(1, left))} left`;
}

/** Write a learning rate, which may be tiny. */
export function sayRate(rate: number): string {
  return rate === 0 || (rate >= 0.001 && rate < 1000)
    ? String(Number(rate.toPrecision(3)))
    : rate.toExponential(2);
}

export function sayValue(value: Scalar | undefined): string {
  if (value === undefined || value === null) return NOTHING;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}
