/** Hears at once what changes on the server; asks every few seconds while it cannot hear. */

export const EVENTS_PATH = "/api/v1/events";

/** How often to ask while the stream is not open. */
export const POLL_SECONDS = 15;

/** What we need of an `EventSource`; tests pass their own. */
export interface Stream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

const CLOSED = 2;

export interface EventsSurroundings {
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
 * The stream's first event says how things stand, so nothing is missed between a poll and the stream's opening.
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
  private ended = false;

  constructor(around: EventsSurroundings, listeners: EventListeners) {
    this.around = around;
    this.listeners = listeners;
  }

  open(): void {
    this.startPolling();
    this.stream = this.around.openStream();
    this.stream.addEventListener("open", () => this.hear());
    this.stream.addEventListener("error", () => this.startPolling());
    for (const [name, listener] of Object.entries(this.listeners.on)) {
      this.stream.addEventListener(name, (event) => listener(JSON.parse(event.data)));
    }
  }

  end(): void {
    this.ended = true;
    this.stream?.close();
    this.hear();
  }

  comeIntoView(): void {
    if (this.ended) return;
    this.listeners.poll();
    this.reopenIfGivenUp();
  }

  /** The stream tells everything from now on. */
  private hear(): void {
    this.stopPolling?.();
    this.stopPolling = undefined;
  }

  private startPolling(): void {
    this.stopPolling ??= this.around.every(POLL_SECONDS, () => {
      this.listeners.poll();
      this.reopenIfGivenUp();
    });
  }

  private reopenIfGivenUp(): void {
    if (this.stream?.readyState !== CLOSED) return;
    this.stream.close();
    this.open();
  }
}
