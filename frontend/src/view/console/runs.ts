/** The runs: state, progress while it runs, verdict in words when it has one. */
import type { Progress, Run, Verdict } from "../../server/operator.ts";
import { make } from "../element.ts";
import { sayPercent } from "../percent.ts";
import { keepEqual } from "./keep_equal.ts";
import { showKeyed } from "./keyed_list.ts";
import { reportAddress } from "./report_address.ts";
import { sayRate, sayTitle } from "./runs/run_words.ts";
import { runAddress } from "./runs/runs_address.ts";
import { sayAgo, sayAmount, sayDuration, sayNumber } from "./words.ts";

const EMPTY =
  "No run yet. One is queued by itself when enough new drawings wait, or by \u201cTrain now\u201d.";

const ENDED: ReadonlySet<string> = new Set(["finished", "failed", "cancelled"]);

export function hasEnded({ state }: Run): boolean {
  return ENDED.has(state);
}

/** Put what a run is now into a list of runs, newest first; trials are listed with their search. */
export function hearRun(runs: readonly Run[], run: Run): readonly Run[] {
  const isKnown = runs.some(({ key }) => key === run.key);
  if (!isKnown && run.kind === "trial") return runs;
  return isKnown ? runs.map((old) => (old.key === run.key ? run : old)) : [run, ...runs];
}

/**
 * Show the runs.
 *
 * @param runs newest first.
 * @param now in milliseconds since 1970.
 */
export function showRuns(
  list: HTMLElement,
  runs: readonly Run[],
  now: number,
  onCancel: (run: Run) => void,
): void {
  list.dataset["empty"] = runs.length === 0 ? EMPTY : "";
  showKeyed(
    list,
    runs,
    (run) => run.key,
    makeRow,
    (row, run) => fillRow(row, run, now, onCancel),
  );
}

function makeRow(): HTMLElement {
  const slots = ["head", "progress", "verdict-slot", "trouble"].map((name) => make("div", { class: name }));
  return make("li", { class: "panel run" }, slots);
}

function fillRow(row: HTMLElement, run: Run, now: number, onCancel: (run: Run) => void): void {
  row.dataset["run"] = run.key;
  row.dataset["state"] = run.state;
  const [head, progress, verdict, trouble] = Array.from(row.children) as HTMLElement[];
  if (head) keepEqual(head, makeHead(run, now, onCancel));
  if (progress) showProgress(progress, run.state === "running" ? run.progress : null);
  if (verdict) showVerdict(verdict, run.verdict);
  if (trouble) trouble.textContent = run.error ?? "";
}

function makeHead(run: Run, now: number, onCancel: (run: Run) => void): HTMLElement[] {
  const parts: HTMLElement[] = [
    makeState(run),
    make("span", { class: "what" }, [make("strong", {}, [makeLink(run)]), ` ${sayWhy(run)}`]),
    make("span", { class: "when", text: sayWhen(run, now), title: run.created_at }),
  ];
  if (run.started_at !== null) parts.push(makeReportLink(run));
  const canStop = run.state === "waiting" || run.state === "running";
  if (canStop && run.cancel_requested_at === null) parts.push(makeCancel(run, onCancel));
  return parts;
}

function makeLink(run: Run): HTMLElement {
  return make("a", { text: sayWhat(run), attributes: { href: runAddress(run.key) } });
}

function makeReportLink({ key }: Run): HTMLElement {
  return make("a", {
    class: "report-link",
    text: "Report",
    attributes: { href: reportAddress(key), "aria-label": `Report of run ${key.slice(0, 8)}` },
  });
}

/** A run that has ended well is known by its verdict. */
function makeState({ state, verdict }: Run): HTMLElement {
  const shown = verdict?.outcome ?? state;
  return make("span", { class: `state ${shown}`, text: shown });
}

function makeCancel(run: Run, onCancel: (run: Run) => void): HTMLElement {
  const button = make("button", {
    class: "quiet",
    text: "Cancel",
    data: { action: "cancel" },
    attributes: { type: "button", "aria-label": `Cancel run ${run.key.slice(0, 8)}` },
  });
  button.addEventListener("click", () => {
    button.disabled = true;
    onCancel(run);
  });
  return button;
}

function sayWhat(run: Run): string {
  const { kind, network = null, dataset = null, trial = null, num_replay_doodles: replayed } = run;
  const title = sayTitle({ ...run, network, dataset, trial });
  return kind !== "delta" || replayed === null ? title : `${title} and ${sayNumber(replayed)} older`;
}

function sayWhy({ trigger, requested_by: by, reason }: Run): string {
  if (trigger === "operator") return `asked for by ${by ?? "an operator"}${reason ? `: ${reason}` : ""}`;
  return trigger === "schedule" ? "by schedule" : "because enough had come in";
}

function sayWhen(run: Run, now: number): string {
  const { created_at, started_at, finished_at, worker, sent_to } = run;
  if (finished_at !== null && started_at !== null) {
    const seconds = (Date.parse(finished_at) - Date.parse(started_at)) / 1000;
    return `${sayAgo(finished_at, now)}, took ${sayDuration(seconds)}`;
  }
  if (finished_at !== null) return sayAgo(finished_at, now);
  if (started_at !== null)
    return `started ${sayAgo(started_at, now)}${worker === null ? "" : ` on ${worker}`}`;
  return `queued ${sayAgo(created_at, now)}${sent_to === null ? "" : ` for ${sent_to} alone`}`;
}

/** Show how far a run is, as a bar and in words; nothing where nobody works on it. */
export function showProgress(slot: HTMLElement, progress: Progress | null): void {
  if (!progress) return slot.replaceChildren();
  if (slot.childElementCount === 0) {
    const filled = make("span", { class: "filled" });
    const track = make(
      "span",
      { class: "bar", attributes: { role: "progressbar", "aria-label": "Training" } },
      [filled],
    );
    slot.append(track, make("span", { class: "facts" }));
  }
  const share = progress.num_steps > 0 ? Math.min(1, progress.step / progress.num_steps) : 0;
  const [track, facts] = Array.from(slot.children) as HTMLElement[];
  track?.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  (track?.firstElementChild as HTMLElement | null)?.style.setProperty(
    "transform",
    `scaleX(${share.toFixed(3)})`,
  );
  if (facts) facts.textContent = sayProgress(progress);
}

function sayProgress({
  stage,
  epoch,
  num_epochs,
  step,
  num_steps,
  loss,
  accuracy,
  learning_rate: rate = null,
  eta_seconds,
}: Progress): string {
  const facts = [stage];
  if (num_epochs > 0) facts.push(`epoch ${Math.min(epoch + 1, num_epochs)} of ${num_epochs}`);
  if (num_steps > 0) facts.push(`step ${step} of ${num_steps}`);
  if (loss !== null) facts.push(`loss ${loss.toFixed(3)}`);
  if (accuracy !== null) facts.push(`accuracy ${sayPercent(accuracy)}`);
  if (rate !== null) facts.push(`learning rate ${sayRate(rate)}`);
  if (eta_seconds !== null) facts.push(`about ${sayDuration(Math.max(1, eta_seconds))} left`);
  return facts.join(" \u00b7 ");
}

/** A verdict never changes: it is written once, so that its checks stay open when they were opened. */
export function showVerdict(slot: HTMLElement, verdict: Verdict | null): void {
  if (!verdict || slot.childElementCount > 0) return;
  const checks = verdict.checks.map(({ passed, words, name }) =>
    make("li", { class: passed ? "passed" : "missed" }, [
      make("span", {
        class: "mark",
        text: passed ? "\u2713" : "\u2717",
        attributes: { "aria-hidden": "true" },
      }),
      make("span", {}, [
        make("span", { class: "unseen", text: passed ? "passed: " : "not passed: " }),
        words || name,
      ]),
    ]),
  );
  const numPassed = verdict.checks.filter((check) => check.passed).length;
  slot.append(
    make("div", { class: `verdict ${verdict.outcome}` }, [
      make("p", { text: verdict.summary }),
      make("details", {}, [
        make("summary", { text: `${numPassed} of ${sayAmount(verdict.checks.length, "check")} passed` }),
        make("ul", { class: "checks" }, checks),
      ]),
    ]),
  );
}
