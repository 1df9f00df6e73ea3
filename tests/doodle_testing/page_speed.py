"""How fast the draw page is, and what it keeps: measured in the browser, from outside the product."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, Worker

SCRIBBLE = """async (pad, {numPoints, aStroke, aFrame}) => {
  const frame = pad.getBoundingClientRect();
  const at = (number) => {
    const [turn, reach] = [number / 40, 0.45 * Math.min(1, 0.2 + number / 12000)];
    return {
      clientX: frame.left + frame.width * (0.5 + reach * Math.cos(turn * 1.1)),
      clientY: frame.top + frame.height * (0.5 + reach * Math.sin(turn * 1.7)),
    };
  };
  const send = (type, number, coalescedEvents = []) => pad.dispatchEvent(make(type, number, {coalescedEvents}));
  const make = (type, number, more = {}) => new PointerEvent(type, {
    pointerId: 7, pointerType: "mouse", isPrimary: true, bubbles: true, cancelable: true,
    button: type === "pointermove" ? -1 : 0, buttons: type === "pointerup" ? 0 : 1, ...at(number), ...more,
  });
  for (let number = 0; number < numPoints; ) {
    await new Promise(requestAnimationFrame);
    if (number % aStroke === 0) {
      if (number > 0) send("pointerup", number);
      send("pointerdown", number);
      number += 1;
    } else {
      const many = Math.min(aFrame, aStroke - (number % aStroke), numPoints - number);
      const coalesced = Array.from({length: many}, (_, index) => make("pointermove", number + index));
      send("pointermove", number + many - 1, coalesced);
      number += many;
    }
  }
  send("pointerup", numPoints);
  for (let more = 0; more < 10; more += 1) await new Promise(requestAnimationFrame);
}"""
"""A scribble in the browser's own rhythm: one event a frame, which carries all the points since the last one."""

REMEMBER_QUESTION = """() => {
  self.addEventListener("message", ({data}) => { if (data.bitmap) self.lastQuestion = data; });
}"""

GUESS = """async (numGuesses) => {
  const [answer, {bitmap}] = [self.postMessage, self.lastQuestion];
  const {port1, port2} = new MessageChannel();
  const seconds = [];
  const done = new Promise((resolve) => {
    port1.onmessage = ({data: number}) => {
      const moved = bitmap.map((_, index) => bitmap[(index + number) % bitmap.length]);
      const start = performance.now();
      self.postMessage = () => seconds.push((performance.now() - start) / 1000);
      self.dispatchEvent(new MessageEvent("message", {data: {...self.lastQuestion, id: 1e9 + number, bitmap: moved}}));
      if (number < numGuesses) port2.postMessage(number + 1);
      else resolve();
    };
  });
  port2.postMessage(1);
  await done;
  self.postMessage = answer;
  return seconds;
}"""
"""Each guess is a task of its own, and the page hears nothing of it."""


@dataclass(frozen=True)
class Tasks:
    """
    What one thread did.

    Attributes:
        cpu_ms: of each task, what it took of the processor, in order.
        wall_ms: of each task, how long it took; on a busy machine it also waits its turn.
    """

    cpu_ms: list[float]
    wall_ms: list[float]


def scribble(page: Page, num_points: int, points_a_stroke: int = 500, points_a_frame: int = 40) -> None:
    """Draw as many points as there may be, without a pause."""
    told = {"numPoints": num_points, "aStroke": points_a_stroke, "aFrame": points_a_frame}
    page.locator("#pad").evaluate(SCRIBBLE, told)


def start_watching(page: Page) -> None:
    """Note every task of every thread from now on."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=["toplevel", "__metadata"])


def stop_watching(page: Page) -> list[dict[str, Any]]:
    """Give what was noted: Chromium's trace events."""
    browser = page.context.browser
    assert browser is not None
    events: list[dict[str, Any]] = json.loads(browser.stop_tracing())["traceEvents"]
    return events


def tasks_of(events: Sequence[dict[str, Any]], thread: str) -> Tasks:
    """
    Pick the tasks of threads of that name.

    Args:
        events: Chromium's trace events.
        thread: `CrRendererMain` is a page's own, `DedicatedWorker thread` a worker's.
    """
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == thread
    }
    tasks = [
        event
        for event in events
        if event["name"].endswith("RunTask") and "tdur" in event and (event["pid"], event["tid"]) in threads
    ]
    return Tasks([event["tdur"] / 1_000 for event in tasks], [event["dur"] / 1_000 for event in tasks])


def find_worker(page: Page) -> Worker:
    """Find the worker that guesses; it has been asked something afterwards."""
    (worker,) = [each for each in page.workers if "/worker-" in each.url]
    worker.evaluate(REMEMBER_QUESTION)
    return worker


def guess(worker: Worker, num_guesses: int) -> list[float]:
    """Guess what the page asked last, moved by some pixels, again and again: wall seconds of each."""
    return list(worker.evaluate(GUESS, num_guesses))


def percentile_95(values: Sequence[float]) -> float:
    """Below which 95 of 100 lie."""
    return quantiles(values, n=20)[-1]


def middle(values: Sequence[float]) -> float:
    """Below which half of them lie."""
    return median(values)


@dataclass(frozen=True)
class Kept:
    """
    What a page and its worker hold on to, once all that can be let go has been.

    Attributes:
        heap_bytes: of the page's scripts.
        nodes: of its document, those nobody sees included.
        listeners: of its events.
        tensors: of the worker.
        tensor_bytes: of them.
        wasm_bytes: of WebAssembly's memory, which never shrinks.
    """

    heap_bytes: int
    nodes: int
    listeners: int
    tensors: int
    tensor_bytes: int
    wasm_bytes: int


TENSORS = """() => {
  const {state, backendInstance} = self._tfengine;
  return [state.numTensors, state.numBytes, backendInstance.wasm?.HEAPU8.length ?? 0];
}"""


def count_kept(page: Page) -> Kept:
    """Collect the garbage, and count what is left."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    dom = session.send("Memory.getDOMCounters")
    session.detach()
    (worker,) = [each for each in page.workers if "/worker-" in each.url]
    tensors, tensor_bytes, wasm_bytes = worker.evaluate(TENSORS)
    return Kept(int(heap), dom["nodes"], dom["jsEventListeners"], tensors, tensor_bytes, wasm_bytes)


PLAY = """async (pad, numDrawings) => {
  const [stage, frame] = [document.querySelector(".stage"), pad.getBoundingClientRect()];
  const press = (id) => document.getElementById(id).click();
  const come = (...phases) => new Promise((resolve) => {
    const look = () => phases.includes(stage.dataset.phase) && (observer.disconnect(), resolve(stage.dataset.phase));
    const observer = new MutationObserver(look);
    observer.observe(stage, {attributes: true});
    look();
  });
  const send = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, {
    pointerId: 7, pointerType: "mouse", bubbles: true, button: type === "pointermove" ? -1 : 0, buttons: 1,
    clientX: frame.left + x * frame.width, clientY: frame.top + y * frame.height,
  }));
  const draw = (number) => {
    for (const row of [0.3, 0.7]) {
      send("pointerdown", 0.2, row);
      for (let step = 1; step < 6; step += 1) {
        send("pointermove", 0.2 + 0.1 * step, row + 0.1 * Math.sin(step * number));
      }
      send("pointerup", 0.8, row);
    }
  };
  for (let number = 1; number <= numDrawings; number += 1) {
    await come("drawing");
    draw(number);
    press("done");
    await come("done");
    press("next");
    if ((await come("drawing", "round")) === "round") press("again");
  }
  await come("drawing");
}"""
"""Rounds of five, each drawing guessed, stored and followed by the next as soon as the page lets one."""


def play(page: Page, num_drawings: int) -> None:
    """Play the game very fast; the page is at the beginning of a drawing, and is again in the end."""
    page.locator("#pad").evaluate(PLAY, num_drawings)
