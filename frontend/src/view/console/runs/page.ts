/** What the three pages of the runs' view are: a list, one run, several side by side. */
import type { RunsClient, TrackedRun } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { keepEqual } from "../keep_equal.ts";
import type { ConsoleSurroundings } from "../shell/view.ts";

export interface Around extends ConsoleSurroundings {
  readonly runs: RunsClient;
}

/** It lives while it is on the screen. */
export interface Page {
  readonly element: HTMLElement;
  /** Stands in the view's heading. */
  readonly title: string;
  /** Fetch everything anew. */
  refresh(): void;
  /** Times move on. */
  look(): void;
  hear(run: TrackedRun): void;
  /** Put away what is not seen any more; what comes in later is not shown. */
  close(): void;
}

/** A part of a page, under its heading. */
export function makePart(title: string, id: string, content: readonly Node[]): HTMLElement {
  const heading = make("h2", { text: title, attributes: { id } });
  return make("section", { class: "panel part", attributes: { "aria-labelledby": id } }, [
    heading,
    ...content,
  ]);
}

export function makeButton(text: string, action: string, act: () => void): HTMLButtonElement {
  const button = make("button", { class: "quiet", text, data: { action }, attributes: { type: "button" } });
  button.addEventListener("click", act);
  return button;
}

/** Put an element in a slot, unless the same stands there already: what is read, selected or pressed is left alone. */
export function put(slot: HTMLElement, element: HTMLElement): void {
  keepEqual(slot, [element]);
}

/** The way back to the list. */
export function makeWayBack(): HTMLElement {
  return make("p", { class: "onward" }, [make("a", { text: "All runs", attributes: { href: "#runs" } })]);
}
