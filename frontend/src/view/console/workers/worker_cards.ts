/** The workers as cards: what each is, what it does, and what it can be asked. */
import type { ListedWorker, Wish } from "../../../server/workers.ts";
import { make } from "../../element.ts";
import { showKeyed } from "../keyed_list.ts";
import { runAddress } from "../runs/runs_address.ts";
import { showProgress } from "../runs.ts";
import { sayAgo } from "../words.ts";
import { findWishes, sayDevice, sayHeard, sayOutlook, takesRuns } from "./worker_words.ts";

export interface WorkerCommands {
  readonly end: (worker: ListedWorker, wish: Wish) => void;
  readonly train: (worker: ListedWorker) => void;
}

const WORDS = { drain: "Drain", stop: "Stop" } as const;
const SLOTS = [
  "worker-head",
  "worker-work",
  "progress",
  "worker-facts",
  "worker-outlook detail",
  "worker-actions",
];

/** Show workers in their order. @param now in milliseconds since 1970. */
export function showCards(
  list: HTMLElement,
  workers: readonly ListedWorker[],
  now: number,
  commands: WorkerCommands,
): void {
  showKeyed(
    list,
    workers,
    ({ name }) => name,
    makeCard,
    (card, worker) => fillCard(card, worker, now, commands),
  );
}

function makeCard(): HTMLElement {
  const [head, work, progress, facts, outlook, actions] = SLOTS;
  return make("li", { class: "panel worker-card" }, [
    make("div", { class: head ?? "" }),
    make("p", { class: work ?? "" }),
    make("div", { class: progress ?? "" }),
    make("dl", { class: facts ?? "" }),
    make("p", { class: outlook ?? "" }),
    make("div", { class: actions ?? "" }),
  ]);
}

function fillCard(card: HTMLElement, worker: ListedWorker, now: number, commands: WorkerCommands): void {
  card.dataset["worker"] = worker.name;
  card.dataset["state"] = worker.state;
  const [head, work, progress, facts, outlook, actions] = Array.from(card.children) as HTMLElement[];
  head?.replaceChildren(...makeHead(worker));
  work?.replaceChildren(...makeWork(worker));
  if (progress) showProgress(progress, worker.state === "busy" ? worker.progress : null);
  facts?.replaceChildren(...makeFacts(worker, now));
  if (outlook) outlook.textContent = sayOutlook(worker, now);
  if (actions) showActions(actions, worker, commands);
}

function makeHead({ name, state }: ListedWorker): Node[] {
  return [
    make("span", { class: "dot", attributes: { "aria-hidden": "true" } }),
    make("h2", { text: name }),
    make("span", { class: `state ${state}`, text: state }),
  ];
}

function makeWork({ state, run }: ListedWorker): (Node | string)[] {
  if (run === null || (state !== "busy" && state !== "lost")) return [];
  const link = make("a", { text: run.slice(0, 8), attributes: { href: runAddress(run) } });
  return [state === "busy" ? "Works on run " : "Worked on run ", link];
}

function makeFacts(worker: ListedWorker, now: number): HTMLElement[] {
  const facts: [string, string][] = [
    ["Machine", worker.host],
    [worker.gpu === null ? "Device" : "GPU", sayDevice(worker)],
    ["Cores", String(worker.num_cores)],
    ["Version", worker.version ?? "older"],
    ["Started", sayAgo(worker.started_at, now)],
    ["Last heard", sayHeard(worker)],
  ];
  return facts.map(([term, text]) => make("div", {}, [make("dt", { text: term }), make("dd", { text })]));
}

/** Buttons that stay keep their element, and with it the focus. */
function showActions(slot: HTMLElement, worker: ListedWorker, commands: WorkerCommands): void {
  const names = [...(takesRuns(worker) ? ["train"] : []), ...findWishes(worker)];
  showKeyed(
    slot,
    names,
    (name) => name,
    () => make("button", { class: "quiet", attributes: { type: "button" } }),
    (element, name) => {
      const button = element as HTMLButtonElement;
      const text = name === "train" ? "Train here" : WORDS[name as Wish];
      if (button.textContent !== text) button.textContent = text;
      button.dataset["action"] = name;
      button.setAttribute("aria-label", `${text}: ${worker.name}`);
      button.onclick = () => (name === "train" ? commands.train(worker) : commands.end(worker, name as Wish));
    },
  );
}
