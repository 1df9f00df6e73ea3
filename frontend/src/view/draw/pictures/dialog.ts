/** The window in which a picture is asked for, waited for, and refused. */
import { type MessageKey, say } from "../../../messages/index.ts";
import { tell } from "../../../messages/page_words.ts";
import type { Refusal } from "../../../photo/refusal.ts";
import { make } from "../../element.ts";
import { type Stage, sayRefusal, sayStage } from "./words.ts";

/** Steps of the way, in their order. */
const STAGES: readonly Stage[] = ["reading", "finding", "guessing"];

export interface DialogListeners {
  onChosen(file: File): void;
  /** Closed by its button, by Escape, or by `close`. */
  onClosed(): void;
}

/** What the file dialog offers: telephones make a JPEG of what they keep in another form. */
const FILES = { accept: "image/png,image/jpeg,image/webp" };

/** The camera at the back, where there are two. */
const CAMERA = { accept: "image/*", capture: "environment" };

export class PictureDialog {
  private readonly element = make("dialog", {
    class: "pictures",
    attributes: { id: "pictures", "aria-labelledby": "pictures-title" },
  });
  private readonly asking: HTMLElement;
  private readonly working: HTMLElement;
  private readonly first: HTMLButtonElement;
  private readonly cancel = makeButton("photo.cancel");
  private readonly stage = make("p", { attributes: { id: "pictures-stage", role: "status" } });
  private readonly progress = make("progress", {
    attributes: { max: String(STAGES.length + 1), "aria-labelledby": "pictures-stage" },
  });
  private readonly refusal = make("p", {
    class: "error",
    attributes: { id: "pictures-refusal", role: "alert" },
  });

  /**
   * Make it, closed.
   *
   * @param hasCamera whether to offer to take a photo, as on a telephone.
   */
  constructor(hasCamera: boolean, listeners: DialogListeners) {
    const choose = makeWay("photo.choose", FILES, listeners.onChosen);
    const photograph = makeWay("photo.photograph", CAMERA, listeners.onChosen);
    const ways = hasCamera ? [photograph, choose] : [choose];
    this.first = ways[0]?.button ?? this.cancel;
    this.first.classList.add("primary");
    // It takes the focus, and a screen reader then says what it stands under.
    this.first.setAttribute("aria-describedby", "pictures-refusal");
    this.asking = make("div", { class: "asking" }, [
      makeText("p", hasCamera ? "photo.how_by_hand" : "photo.how"),
      this.refusal,
      ...ways.flatMap(({ button, input }) => [button, input]),
      makeText("p", "photo.private", "detail"),
    ]);
    this.working = make("div", { class: "working" }, [this.stage, this.progress]);
    const title = makeText("h2", "photo.title");
    title.id = "pictures-title";
    this.element.append(title, this.asking, this.working, this.cancel);
    this.listen(listeners);
  }

  /** Ask for a picture. */
  ask(): void {
    this.open();
    this.turnTo("asking");
    this.first.focus();
  }

  /** Show how far it is. */
  show(stage: Stage): void {
    this.open();
    this.turnTo("working");
    tell(this.stage, () => sayStage(stage));
    this.progress.value = STAGES.indexOf(stage) + 1;
    this.cancel.focus();
  }

  /** Say what is wrong with a picture, and ask for another. */
  refuse(refusal: Refusal): void {
    this.ask();
    this.refusal.hidden = false;
    tell(this.refusal, () => sayRefusal(refusal));
  }

  close(): void {
    this.element.close();
  }

  private open(): void {
    if (!this.element.isConnected) document.body.append(this.element);
    if (!this.element.open) this.element.showModal();
  }

  private turnTo(part: "asking" | "working"): void {
    this.refusal.hidden = true;
    this.asking.hidden = part !== "asking";
    this.working.hidden = part !== "working";
  }

  private listen({ onClosed }: DialogListeners): void {
    this.cancel.addEventListener("click", () => this.close());
    this.element.addEventListener("close", onClosed);
  }
}

interface Way {
  readonly button: HTMLButtonElement;
  /** Never seen: the button stands for it. */
  readonly input: HTMLInputElement;
}

function makeWay(
  key: MessageKey,
  attributes: Readonly<Record<string, string>>,
  onChosen: (file: File) => void,
): Way {
  const button = makeButton(key);
  const input = make("input", { attributes: { type: "file", hidden: "", ...attributes } });
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    // Else the same file, chosen once more, would be no change.
    if (file) input.value = "";
    if (file) onChosen(file);
  });
  return { button, input };
}

function makeButton(key: MessageKey): HTMLButtonElement {
  return makeText("button", key, undefined, { type: "button" });
}

function makeText<Tag extends "p" | "h2" | "button">(
  tag: Tag,
  key: MessageKey,
  className = "",
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[Tag] {
  const element = make(tag, { class: className, attributes });
  tell(element, () => say(key));
  return element;
}
