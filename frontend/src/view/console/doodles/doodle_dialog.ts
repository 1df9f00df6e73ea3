/** One doodle, closer: drawn again stroke by stroke, and all that is known of it. */
import type { Strokes, WholeDoodle } from "../../../server/gallery.ts";
import { make } from "../../element.ts";
import { sayPercent } from "../../percent.ts";
import { paintBitmap } from "../bitmap.ts";
import { sayMoment } from "../words.ts";
import { sayHistory } from "./doodle_words.ts";
import { Player } from "./player.ts";
import { countPoints, sayStroke, step } from "./replay.ts";

export interface DialogSurroundings {
  /** Shows everything of a contributor. */
  readonly onContributor: (name: string) => void;
  /** Asks whether a contributor is to be erased. */
  readonly onErase: (name: string) => void;
}

export class DoodleDialog {
  readonly element: HTMLDialogElement;
  private readonly around: DialogSurroundings;
  private readonly body = make("div", { class: "closer" });
  private player: Player | undefined;

  constructor(around: DialogSurroundings) {
    this.around = around;
    const close = makeButton("Close", "quiet", () => this.element.close());
    this.element = make("dialog", { class: "doodle", attributes: { "aria-labelledby": "doodles-one" } }, [
      this.body,
      make("div", { class: "buttons" }, [close]),
    ]);
    this.element.addEventListener("close", () => this.player?.pause());
    this.element.addEventListener("keydown", (event) => this.press(event));
  }

  get isOpen(): boolean {
    return this.element.open;
  }

  /** Show that it is being fetched. */
  wait(label: string): void {
    this.player?.pause();
    this.player = undefined;
    this.body.replaceChildren(makeTitle(label), make("p", { class: "detail", text: "Loading \u2026" }));
    if (!this.element.open) this.element.showModal();
  }

  /** Show why it is not to be had. */
  explain(words: string): void {
    this.body.append(make("p", { class: "error", text: words, attributes: { role: "alert" } }));
  }

  show(doodle: WholeDoodle): void {
    const { label, strokes, has_strokes: has } = doodle;
    const drawing = has && strokes ? this.makeReplay(strokes) : makeStill(doodle);
    this.body.replaceChildren(makeTitle(label), drawing, this.makeFacts(doodle));
    this.player?.start();
  }

  close(): void {
    this.player?.pause();
    this.element.close();
    this.body.replaceChildren();
  }

  private makeReplay(strokes: Strokes): HTMLElement {
    const canvas = make("canvas", { class: "replay", attributes: { "aria-hidden": "true" } });
    const place = make("p", { class: "detail", attributes: { "aria-live": "off" } });
    const play = makeButton("Play", "", () => this.player?.toggle());
    const all = countPoints(strokes);
    const slider = make("input", {
      attributes: { type: "range", min: "0", max: String(all), step: "1", "aria-label": "How much is drawn" },
    });
    const player = new Player(canvas, strokes, (now, isPlaying) => {
      play.replaceChildren(isPlaying ? "Pause" : "Play", " ", make("kbd", { text: "P" }));
      slider.value = String(now);
      slider.setAttribute("aria-valuetext", sayStroke(strokes, now));
      place.textContent = sayStroke(strokes, now);
    });
    this.player = player;
    slider.addEventListener("input", () => player.goTo(Number(slider.value)));
    const steps = [
      makeButton("Back", "", () => player.goTo(step(strokes, player.now, -1)), ","),
      play,
      makeButton("On", "", () => player.goTo(step(strokes, player.now, 1)), "."),
    ];
    return make("div", { class: "player" }, [canvas, slider, make("div", { class: "steps" }, steps), place]);
  }

  private press({ key, target }: KeyboardEvent): void {
    if (target instanceof HTMLInputElement && key !== "p") return;
    if (key === "p") this.player?.toggle();
    if (key === ",") this.player?.step(-1);
    if (key === ".") this.player?.step(1);
  }

  private makeFacts(doodle: WholeDoodle): HTMLElement {
    const { guess, confidence, model_version: version, created_at: created, status, screening } = doodle;
    const by = doodle.contributor ?? "";
    const theirs = makeButton(by, "quiet mono", () => this.around.onContributor(by));
    theirs.title = "Show everything of this contributor";
    const facts: [string, Node | string][] = [
      ["Status", status],
      ["Guess", guess === null ? "none" : `${guess} ${confidence === null ? "" : sayPercent(confidence)}`],
      ["Version", version ?? "none"],
      ["Stored", sayMoment(created)],
      ["Contributor", theirs],
      ...(screening ? [["Screened out", screening.words] as [string, string]] : []),
      ...doodle.history.map((each): [string, string] => ["Decided", sayHistory(each)]),
    ];
    return make("div", { class: "facts" }, [
      make(
        "dl",
        {},
        facts.flatMap(([name, what]) => [make("dt", { text: name }), make("dd", {}, [what])]),
      ),
      makeButton("Erase this contributor \u2026", "reject", () => this.around.onErase(by)),
    ]);
  }
}

function makeTitle(label: string): HTMLElement {
  return make("h2", { text: label, attributes: { id: "doodles-one" } });
}

function makeStill({ bitmap, height, width }: WholeDoodle): HTMLElement {
  return make("div", { class: "player" }, [
    paintBitmap(bitmap, height, width),
    make("p", {
      class: "detail",
      text: "It came as a picture, without its strokes: there is nothing to replay.",
    }),
  ]);
}

function makeButton(text: string, name: string, onClick: () => void, key?: string): HTMLButtonElement {
  const hint = key === undefined ? [] : [" ", make("kbd", { text: key })];
  const button = make("button", { class: name, attributes: { type: "button" } }, [text, ...hint]);
  button.addEventListener("click", onClick);
  return button;
}
