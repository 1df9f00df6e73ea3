/** A run's log, as it is written: the newest line is in sight unless somebody has moved up. */
import type { LogLine, LogPage } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { sayAmount } from "../words.ts";
import { addLines, filterLines, LEVELS, sayFields, sayTime } from "./log_words.ts";

/** The page keeps so many. */
const MOST_KEPT = 2_000;
/** Lines from which on somebody has moved up. */
const NEAR_END_PX = 40;

const LEVEL_NAMES: Readonly<Record<string, string>> = {
  debug: "Everything",
  info: "Info and above",
  warning: "Warnings and errors",
  error: "Errors",
};

export class LogPanel {
  readonly element: HTMLElement;
  private readonly list = make("ol", {
    class: "log-lines body",
    attributes: { tabindex: "0", "aria-label": "Log", role: "log", "aria-live": "off" },
  });
  private readonly level = make(
    "select",
    { attributes: { id: "runs-log-level" } },
    LEVELS.map((level) =>
      make("option", { text: LEVEL_NAMES[level] ?? level, attributes: { value: level } }),
    ),
  );
  private readonly number = make("span", { class: "detail" });
  private lines: readonly LogLine[] = [];
  private next: number | undefined;
  private isKnown = false;

  constructor() {
    this.level.addEventListener("change", () => this.show(true));
    this.element = make("section", { class: "panel part", attributes: { "aria-labelledby": "runs-log" } }, [
      make("h2", { text: "Log", attributes: { id: "runs-log" } }),
      make("div", { class: "curve-tools" }, [make("label", {}, ["Level ", this.level]), this.number]),
      this.list,
    ]);
  }

  /** The line to ask from; undefined: from the first. */
  get after(): number | undefined {
    return this.next;
  }

  add({ lines, next }: LogPage): void {
    this.next = next;
    const before = this.lines.length;
    this.lines = addLines(this.lines, lines, MOST_KEPT);
    const isFirst = !this.isKnown;
    this.isKnown = true;
    if (isFirst || lines.length > 0 || this.lines.length !== before) this.show(isFirst);
  }

  clear(): void {
    this.lines = [];
    this.next = undefined;
    this.isKnown = false;
    this.number.textContent = "";
    this.list.replaceChildren();
    delete this.list.dataset["empty"];
  }

  private show(toEnd: boolean): void {
    if (!this.isKnown) return;
    const { list } = this;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    const shown = filterLines(this.lines, this.level.value);
    list.dataset["empty"] = this.sayEmpty(shown.length);
    list.replaceChildren(...shown.map(makeLine));
    this.number.textContent = shown.length === 0 ? "" : sayAmount(shown.length, "line");
    if (toEnd || isAtEnd) list.scrollTop = list.scrollHeight;
  }

  private sayEmpty(numShown: number): string {
    if (numShown > 0) return "";
    return this.lines.length > 0 ? "No line of this level." : "Nothing is written yet.";
  }
}

function makeLine(line: LogLine): HTMLElement {
  const { at, level, event } = line;
  const known = level.toLowerCase();
  return make("li", { class: known, data: { level: known } }, [
    make("time", { text: sayTime(at), attributes: { datetime: at } }),
    make("span", { class: "level", text: known }),
    make("span", { class: "line-words" }, [make("strong", { text: event }), ` ${sayFields(line)}`]),
  ]);
}
