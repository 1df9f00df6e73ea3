/** What is to be known of one run: facts, measures, and what it was told. */
import type { TrackedRun } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { sayAgo, sayMoment, sayNumber, sayShare } from "../words.ts";
import { listMeasures, type Measured } from "./measures.ts";
import { sayDataset, sayName } from "./order_words.ts";
import { NOTHING, sayTook, sayValue, sayWhy } from "./run_words.ts";
import { runAddress } from "./runs_address.ts";

export type Fact = readonly [term: string, content: string | Node];

/** List the facts, without those that are not there. */
export function listFacts(run: TrackedRun, now: number): Fact[] {
  const isDelta = run.kind === "delta";
  const facts: (readonly [string, string | Node | null])[] = [
    ["Kind", run.kind],
    ["Asked for", sayWhy(run)],
    ["Search", makeSearchLink(run.search)],
    ["Data set", run.dataset === null ? null : sayDataset(run.dataset)],
    ["Network", run.network],
    [
      isDelta ? "New drawings" : "Users\u2019 drawings",
      run.num_new_doodles === null ? null : sayNumber(run.num_new_doodles),
    ],
    [
      isDelta ? "Older, again" : "Base drawings",
      run.num_replay_doodles === null ? null : sayNumber(run.num_replay_doodles),
    ],
    ["Worker", run.worker ?? (run.sent_to === null ? null : `waits for ${run.sent_to} alone`)],
    ["Why it waits", run.note ?? null],
    ["Ordered", makeMoment(run.created_at, now)],
    ["Started", run.started_at === null ? null : makeMoment(run.started_at, now)],
    ["Time", sayTook(run, now) || null],
    ["Attempt", run.attempt > 1 ? String(run.attempt) : null],
    [isDelta ? "Began from" : "Compared with", makeVersion(run.parent_version)],
    ["Candidate", makeVersion(run.candidate_version)],
  ];
  return facts.flatMap(([term, content]): Fact[] => (content === null ? [] : [[term, content]]));
}

function makeMoment(iso: string, now: number): HTMLElement {
  return make("span", { text: sayAgo(iso, now), title: sayMoment(iso) });
}

function makeSearchLink(search: string | null): HTMLElement | null {
  return search === null
    ? null
    : make("a", { text: search.slice(0, 8), attributes: { href: `#searches=${search}` } });
}

function makeVersion(version: string | null): HTMLElement | null {
  if (version === null) return null;
  return make("a", { attributes: { href: "#models" } }, [make("code", { text: version })]);
}

/** What the run was told, beyond its network and data. */
export function listTold({ network_args, train_args }: TrackedRun): Fact[] {
  return Object.entries({ ...network_args, ...train_args }).map(([name, value]) => [
    sayName(name),
    sayValue(value),
  ]);
}

export function makeFacts(facts: readonly Fact[]): HTMLElement {
  return make(
    "dl",
    { class: "run-facts" },
    facts.map(([term, content]) => make("div", {}, [make("dt", { text: term }), make("dd", {}, [content])])),
  );
}

/** A line a measure. */
export function makeMeasures(metrics: unknown): HTMLElement {
  const rows = listMeasures(metrics).map(({ name, ...measured }) =>
    make("tr", {}, [
      make("td", { text: sayName(name) }),
      ...listFigures(measured).map((text) => make("td", { text })),
    ]),
  );
  const head = ["On", "Accuracy", "Log-loss", "Drawings"].map((text) =>
    make("th", { text, attributes: { scope: "col" } }),
  );
  return make("table", { class: "plain" }, [
    make("thead", {}, [make("tr", {}, head)]),
    make("tbody", {}, rows),
  ]);
}

function listFigures({ accuracy, log_loss: loss, num_doodles: num }: Omit<Measured, "name">): string[] {
  return [
    sayShare(accuracy),
    loss === null ? NOTHING : loss.toFixed(3),
    num === null ? NOTHING : sayNumber(num),
  ];
}

/** A link to a run's page. */
export function makeRunLink(key: string): HTMLElement {
  return make("a", { text: key.slice(0, 8), attributes: { href: runAddress(key) } });
}
