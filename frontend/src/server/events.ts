/** Hears at once what changes on the server; asks every few seconds while it cannot hear. */

import { Retry, type RetrySurroundings } from "./retry.ts";

export const EVENTS_PATH = "/api/v1/events";

/** How often to ask while the stream is not open. */
export const POLL_SECONDS = 15;

/** A server that comes back has nobody wait longer than this for its stream. */
const LONGEST_PAUSE_SECONDS = 15;

/** What we need of an `EventSource`; tests pass their own. */
export interface Stream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

const CLOSED = 2;

export interface EventsSurroundings extends RetrySurroundings {
  readonly openStream: () => Stream;
  /** Calls back every so many seconds until the returned function is called. */
  readonly every: (seconds: number, callback: () => void) => () => void;
  /** Calls back whenever the page comes into view. */
  readonly onVisible: (callback: () => void) => void;
}

export interface EventListeners {
  /** Something may have changed unheard: ask for the state of things. */
  readonly poll: () => void;
  /** By event name: what to do with its data, parsed JSON. */
  readonly on: Readonly<Record<string, (data: unknown) => void>>;
}

/**
 * Listen until the returned function is called.
 *
 * The stream's first events say what is live, but not what became of runs and the like: when it is open again after it
 * was lost, the state of things is asked for once.
 */
export function watchEvents(around: EventsSurroundings, listeners: EventListeners): () => void {
  const listening = new Listening(around, listeners);
  listening.open();
  around.onVisible(() => listening.comeIntoView());
  return () => listening.end();
}

class Listening {
  private readonly around: EventsSurroundings;
  private readonly listeners: EventListeners;
  private stream: Stream | undefined;
  private stopPolling: (() => void) | undefined;
  /** The browser opens a lost connection anew by itself, but gives up after an error status: then it is our turn. */
  private readonly reopening: Retry;
  /** Whether something may have happened since the stream was open last. */
  private isLost = false;
  private ended = false;

  constructor(around: EventsSurroundings, listeners: EventListeners) {
    this.around = around;
    this.listeners = listeners;
    this.reopening = new Retry(around, () => this.reopenIfGivenUp(), LONGEST_PAUSE_SECONDS);
  }

  open(): void {
    this.startPolling();
    this.stream = this.around.openStream();
    this.stream.addEventListener("open", () => this.hear());
    this.stream.addEventListener("error", () => this.loseStream());
    for (const [name, listener] of Object.entries(this.listeners.on)) {
      this.stream.addEventListener(name, (event) => listener(JSON.parse(event.data)));
    }
  }

  end(): void {
    this.ended = true;
    this.stream?.close();
    this.stopPolling?.();
  }

  comeIntoView(): void {
    if (this.ended) return;
    this.listeners.poll();
    this.reopenIfGivenUp();
  }

  /** The stream tells everything from now on. */
  private hear(): void {
    this.reopening.succeed();
    this.stopPolling?.();
    this.stopPolling = undefined;
    if (this.isLost) this.listeners.poll();
    this.isLost = false;
  }

  private loseStream(): void {
    this.isLost = true;
    this.startPolling();
    if (this.stream?.readyState === CLOSED) this.reopening.fail();
  }

  private startPolling(): void {
    this.stopPolling ??= this.around.every(POLL_SECONDS, () => this.listeners.poll());
  }

  private reopenIfGivenUp(): void {
    if (this.ended || this.stream?.readyState !== CLOSED) return;
    this.stream.close();
    this.open();
  }
}
