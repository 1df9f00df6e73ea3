/** Workers in words, and which of them are shown where. */
import type { ListedWorker, QueuedRun, Wish } from "../../../server/workers.ts";
import { sayAgo, sayAmount, sayDuration } from "../words.ts";

export interface SortedWorkers {
  /** There, or lost: somebody may have to do something about those. */
  readonly present: readonly ListedWorker[];
  /** They said farewell, latest first. */
  readonly ended: readonly ListedWorker[];
}

const ORDER = { busy: 0, idle: 1, lost: 2, stopped: 3 } as const;

/** Sort workers: who works first, then who waits, then who is lost; of each kind by name. */
export function sortWorkers(workers: readonly ListedWorker[]): SortedWorkers {
  const present = workers.filter(({ state }) => state !== "stopped");
  const ended = workers.filter(({ state }) => state === "stopped");
  return {
    present: present.sort((a, b) => ORDER[a.state] - ORDER[b.state] || a.name.localeCompare(b.name)),
    ended: ended.sort((a, b) => Date.parse(b.heartbeat_at) - Date.parse(a.heartbeat_at)),
  };
}

/** Say what a worker is made of: its GPU where it has one, or else its processor. */
export function sayDevice({ device, gpu }: ListedWorker): string {
  return gpu === null ? device : `${gpu} (${device})`;
}

/** Say when a worker was last heard. */
export function sayHeard({ silent_seconds: seconds }: ListedWorker): string {
  return seconds < 5 ? "just now" : `${sayDuration(seconds)} ago`;
}

/** Say what is to become of a worker, and what else is to be known. @param now in milliseconds since 1970. */
export function sayOutlook(worker: ListedWorker, now: number): string {
  const facts: string[] = [];
  if (worker.asked_to !== null && worker.state !== "stopped") facts.push(sayAsked(worker, now));
  if (worker.state === "lost") {
    facts.push(
      worker.run === null
        ? "It fell silent without a farewell."
        : "It fell silent in the middle of a run; another worker takes that up, once.",
    );
  }
  if (worker.num_sent > 0) {
    facts.push(
      `${sayAmount(worker.num_sent, "run")} ${worker.num_sent === 1 ? "waits" : "wait"} for it alone.`,
    );
  }
  return facts.join(" ");
}

function sayAsked({ state, asked_to, asked_by, asked_at }: ListedWorker, now: number): string {
  const when = asked_at === null ? "" : ` ${sayAgo(asked_at, now)}`;
  const who = `${asked_by ?? "An operator"} asked it${when} to`;
  if (state === "lost") return `${who} end; it has not heard.`;
  if (state !== "busy") return `${who} end.`;
  return asked_to === "stop"
    ? `${who} stop: it gives its run back and ends.`
    : `${who} drain: it ends after this run.`;
}

/** What a worker can be asked by a button: nothing that it has been asked, nothing of one that is not there. */
export function findWishes({ state, asked_to }: ListedWorker): readonly Wish[] {
  if (state === "stopped" || asked_to === "stop") return [];
  return asked_to === "drain" ? ["stop"] : ["drain", "stop"];
}

/** Whether a run can be sent to a worker with the hope that it takes it soon. */
export function takesRuns({ state, asked_to }: ListedWorker): boolean {
  return (state === "idle" || state === "busy") && asked_to === null;
}

/** Ask whether a worker is really to end, saying what comes of it. */
export function sayQuestion({ name, state }: ListedWorker, wish: Wish): { title: string; words: string } {
  const run = {
    drain:
      state === "busy"
        ? "It finishes its run, takes no other, and ends."
        : "It takes no run any more, and ends.",
    stop: state === "busy" ? "It gives its run back: another worker begins it anew." : "It ends at once.",
  }[wish];
  const title = wish === "drain" ? `Drain ${name}?` : `Stop ${name}?`;
  return { title, words: `${run} It is started again where it was started, not from here.` };
}

/** Say what came of sending a run to a worker. */
export function saySent({ name }: ListedWorker, run: QueuedRun): string {
  if (run.note !== null) return run.note;
  return run.sent_to === name
    ? `A run is queued for ${name}.`
    : "A run waits already, for another worker or any; nothing was changed.";
}
