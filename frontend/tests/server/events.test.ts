import { beforeEach, expect, test } from "vitest";
import { POLL_SECONDS, type Stream, watchEvents } from "../../src/server/events.ts";
import { FakeClock } from "../testing/fake_clock.ts";

class FakeStream implements Stream {
  readyState = 0;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  opens(): void {
    this.readyState = 1;
    this.send("open", "null");
  }

  /** The browser has lost the connection and tries again by itself. */
  isCut(): void {
    this.readyState = 0;
    this.send("error", "null");
  }

  /** The server has answered with an error: the browser gives up. */
  isRefused(): void {
    this.readyState = 2;
    this.send("error", "null");
  }

  send(type: string, data: string): void {
    this.listeners.get(type)?.({ data } as MessageEvent<string>);
  }
}

let clock: FakeClock;
let streams: FakeStream[];
let polls: number;
let heard: unknown[];
let comeIntoView: () => void;
let end: () => void;

const newest = () => streams.at(-1) as FakeStream;

beforeEach(() => {
  clock = new FakeClock();
  streams = [];
  polls = 0;
  heard = [];
  end = watchEvents(
    {
      openStream: () => {
        streams.push(new FakeStream());
        return newest();
      },
      every: clock.every,
      later: clock.later,
      chance: () => 0,
      onVisible: (callback) => {
        comeIntoView = callback;
      },
    },
    { poll: () => polls++, on: { deployment: (data) => heard.push(data) } },
  );
});

test("an event is heard with its data", () => {
  newest().opens();

  newest().send("deployment", '{"deployment": 12, "version": "aaaaaaaaaaaa"}');

  expect(heard).toEqual([{ deployment: 12, version: "aaaaaaaaaaaa" }]);
});

test("while the stream is open nothing is polled", () => {
  newest().opens();

  clock.pass(10 * POLL_SECONDS);

  expect(polls).toBe(0);
});

test("while the stream is not open yet, it is polled every 15 seconds", () => {
  clock.pass(3 * POLL_SECONDS);

  expect(POLL_SECONDS).toBe(15);
  expect(polls).toBe(3);
});

test("when the stream is cut, polling starts, and stops with a last one when it is open again", () => {
  newest().opens();
  newest().isCut();
  clock.pass(2 * POLL_SECONDS);
  newest().opens();
  clock.pass(2 * POLL_SECONDS);

  expect(polls).toBe(2 + 1);
  expect(streams).toHaveLength(1);
});

test("what a short cut left unheard is asked for once, when the stream is open again", () => {
  newest().opens();
  newest().isCut();
  newest().isCut();
  clock.pass(POLL_SECONDS - 1);
  newest().opens();
  newest().opens();

  expect(polls).toBe(1);
});

test("what a stream that was given up left unheard is asked for when the next one is open", () => {
  newest().opens();
  newest().isRefused();
  clock.pass(1);
  newest().opens();

  expect(polls).toBe(1);
});

test("a stream the browser has given up is opened anew, after longer and longer pauses", () => {
  const pauses: (number | undefined)[] = [];
  for (let failure = 0; failure < 6; failure++) {
    newest().isRefused();
    pauses.push(clock.pending.find((seconds) => seconds !== POLL_SECONDS));
    clock.pass(pauses.at(-1) ?? POLL_SECONDS);
  }

  expect(streams).toHaveLength(7);
  expect(pauses.slice(0, 4)).toEqual([1, 2, 4, 8]);
});

test("a page that comes into view opens a stream that was given up at once", () => {
  newest().isRefused();

  comeIntoView();

  expect(streams).toHaveLength(2);
});

test("a lost connection is the browser's to mend", () => {
  newest().opens();
  newest().isCut();

  clock.pass(10 * POLL_SECONDS);

  expect(streams).toHaveLength(1);
});

test("several errors in a row do not poll several times as often", () => {
  newest().isCut();
  newest().isCut();
  newest().isCut();

  clock.pass(POLL_SECONDS);

  expect(polls).toBe(1);
});

test("a page that comes into view asks at once, even with an open stream", () => {
  newest().opens();

  comeIntoView();

  expect(polls).toBe(1);
});

test("after the end nothing is polled, and the stream is closed", () => {
  end();

  clock.pass(10 * POLL_SECONDS);
  comeIntoView();

  expect(polls).toBe(0);
  expect(newest().readyState).toBe(2);
});
