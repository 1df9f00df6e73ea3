/** Where a picture stands: it is drawn anew for the room it has, and tells its values to pointer and keyboard. */
import { make } from "../../element.ts";

/** Before the page knows how much room there is. */
const FIRST_WIDTH = 360;
const LEAST_WIDTH = 240;
/** What is told at once; the table tells all. */
const MOST_TOLD = 12;

/** What is said about one mark of a picture. */
export interface Telling {
  /** In pixels of the picture. */
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly rows: readonly {
    readonly name: string;
    readonly value: string;
    /** Of the series it belongs to. */
    readonly series?: number;
  }[];
}

/** A picture whose marks can be told about. */
export interface Drawing {
  readonly picture: SVGElement;
  readonly numMarks: number;
  /** Where the keyboard begins. */
  readonly firstMark: number;
  /** Find the mark nearest to a place. */
  find(x: number, y: number): number;
  tell(mark: number): Telling;
  /** Show which mark is told about; undefined: none. */
  highlight(mark: number | undefined): void;
  /** Where an arrow key leads; without it, to the mark before or after. */
  step?(mark: number, key: string): number;
}

/** How far a key leads. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** The class of what belongs to a series: a colour, and a pattern for who cannot tell colours apart. */
export function classOfSeries(index: number): string {
  const numColours = 8;
  const numPatterns = 4;
  return `line-${index % numColours} dash-${(index + Math.floor(index / numColours)) % numPatterns}`;
}

/**
 * Make a picture that fits its room.
 *
 * @param summary what it shows, for those who cannot see it.
 * @param drawIt draws it anew for a width in pixels.
 */
export function makeStage(summary: string, drawIt: (width: number) => Drawing): HTMLElement {
  return new Stage(summary, drawIt).element;
}

class Stage {
  readonly element: HTMLElement;
  private readonly drawIt: (width: number) => Drawing;
  private readonly room: HTMLElement;
  private readonly tip = make("div", { class: "chart-tip", attributes: { role: "status" } });
  private drawing: Drawing;
  private width = FIRST_WIDTH;
  private told: number | undefined;

  constructor(summary: string, drawIt: (width: number) => Drawing) {
    this.drawIt = drawIt;
    this.drawing = drawIt(FIRST_WIDTH);
    const attributes = { role: "img", tabindex: "0", "aria-label": `${summary} Arrow keys tell the values.` };
    this.room = make("div", { class: "chart-room", attributes }, [this.drawing.picture]);
    this.tip.hidden = true;
    this.element = make("div", { class: "chart-stage" }, [this.room, this.tip]);
    this.follow();
    new ResizeObserver(() => this.fit()).observe(this.element);
  }

  private fit(): void {
    const width = Math.max(LEAST_WIDTH, Math.floor(this.element.clientWidth));
    if (this.element.clientWidth === 0 || width === this.width) return;
    this.width = width;
    this.drawing = this.drawIt(width);
    this.room.replaceChildren(this.drawing.picture);
    this.tell(this.told);
  }

  private follow(): void {
    const { room } = this;
    room.addEventListener("pointermove", (event) => this.point(event));
    room.addEventListener("pointerdown", (event) => this.point(event));
    room.addEventListener("pointerleave", () => this.tell(undefined));
    room.addEventListener("blur", () => this.tell(undefined));
    room.addEventListener("focus", () => {
      if (room.matches(":focus-visible")) this.tell(this.told ?? this.remembered());
    });
    room.addEventListener("keydown", (event) => this.press(event));
  }

  /** A picture that was put in another's place goes on where that one was. */
  private remembered(): number {
    const at = Number(this.element.dataset["at"] ?? Number.NaN);
    return at >= 0 && at < this.drawing.numMarks ? at : this.drawing.firstMark;
  }

  private point(event: PointerEvent): void {
    if (this.drawing.numMarks === 0) return;
    const { left, top } = this.drawing.picture.getBoundingClientRect();
    this.tell(this.drawing.find(event.clientX - left, event.clientY - top));
  }

  private press(event: KeyboardEvent): void {
    const { numMarks } = this.drawing;
    if (event.key === "Escape") return this.tell(undefined);
    if (numMarks === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = this.nextMark(event.key);
    if (next === undefined) return;
    event.preventDefault();
    const mark = Math.min(numMarks - 1, Math.max(0, next));
    this.show(this.drawing.tell(mark).x);
    this.tell(mark);
  }

  /** Move what is wider than its room so that a place can be seen. */
  private show(x: number): void {
    const { room, width } = this;
    if (x < room.scrollLeft || x > room.scrollLeft + width) room.scrollLeft = x - width / 2;
  }

  private nextMark(key: string): number | undefined {
    if (key === "Home") return 0;
    if (key === "End") return this.drawing.numMarks - 1;
    const step = STEPS[key];
    if (step === undefined) return undefined;
    if (this.told === undefined) return this.remembered();
    return this.drawing.step?.(this.told, key) ?? this.told + step;
  }

  private tell(mark: number | undefined): void {
    const { drawing, tip, element } = this;
    const known = mark !== undefined && mark < drawing.numMarks ? mark : undefined;
    this.told = known;
    drawing.highlight(known);
    tip.hidden = known === undefined;
    if (known === undefined) return;
    element.dataset["at"] = String(known);
    const telling = drawing.tell(known);
    const rows = telling.rows.slice(0, MOST_TOLD).map(makeRow);
    const rest = telling.rows.length - rows.length;
    const more = rest > 0 ? [make("span", { text: `and ${rest} more` })] : [];
    tip.replaceChildren(make("span", { class: "told-title", text: telling.title }), ...rows, ...more);
    this.place(telling);
  }

  /** Beside the mark, on the side where there is room. */
  private place({ x, y }: Telling): void {
    const { tip, room, width } = this;
    const seenX = x - room.scrollLeft;
    const isLeft = seenX > width / 2;
    tip.classList.toggle("before", isLeft);
    tip.style.left = isLeft ? "auto" : `${Math.max(0, seenX + 12)}px`;
    tip.style.right = isLeft ? `${Math.max(0, width - seenX + 12)}px` : "auto";
    tip.style.top = `${Math.max(0, y - 12)}px`;
  }
}

function makeRow({ name, value, series }: Telling["rows"][number]): HTMLElement {
  const key = series === undefined ? [] : [make("i", { class: `key ${classOfSeries(series)}` })];
  return make("span", { class: "told" }, [...key, `${name} `, make("b", { text: value })]);
}

/** Colours and patterns, and whose they are. */
export function makeLegend(
  entries: readonly { readonly name: string; readonly series: number }[],
  drawKey: (series: number) => SVGElement,
): HTMLElement {
  const items = entries.map(({ name, series }) => make("li", {}, [drawKey(series), name]));
  return make("ul", { class: "legend" }, items);
}
