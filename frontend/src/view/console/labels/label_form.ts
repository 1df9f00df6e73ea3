/** The form that adds a label: what the server refuses stands beside the field it is about. */
import type { DrawnLabel } from "../../../server/labels.ts";
import { make } from "../../element.ts";
import { FIELDS, type Field, suggestPrompt } from "./label_words.ts";

interface Question {
  readonly title: string;
  readonly hint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const QUESTIONS: Readonly<Record<Field, Question>> = {
  name: {
    title: "Name",
    hint: "Stored with every drawing: a-z, 0-9, spaces, _ and -.",
    attributes: { maxlength: "40", autocapitalize: "none", placeholder: "mouse" },
  },
  prompt: {
    title: "Can you draw \u2026?",
    hint: "The word with its article, as people are asked.",
    attributes: { maxlength: "60", placeholder: "a mouse" },
  },
  emoji: {
    title: "Emoji",
    hint: "One picture sign; it stands beside the guess.",
    attributes: { maxlength: "32", placeholder: "\u{1f42d}" },
  },
};

/** What adding comes to: nothing is wrong, or words by field, and under "" for the whole. */
type Refusal = Readonly<Record<Field | "", string>>;

export class LabelForm {
  readonly element: HTMLFormElement;
  private readonly inputs: Readonly<Record<Field, HTMLInputElement>>;
  private readonly errors: Readonly<Record<Field | "", HTMLElement>>;
  private readonly button = make("button", {
    class: "primary",
    text: "Add the label",
    attributes: { type: "submit" },
  });
  private readonly onAdd: (label: DrawnLabel) => Promise<Refusal | undefined>;
  private suggested = "";

  /** @param onAdd gives what is wrong with it; undefined when it is added. */
  constructor(onAdd: (label: DrawnLabel) => Promise<Refusal | undefined>) {
    this.onAdd = onAdd;
    this.inputs = { name: makeInput("name"), prompt: makeInput("prompt"), emoji: makeInput("emoji") };
    this.errors = {
      name: makeError("name"),
      prompt: makeError("prompt"),
      emoji: makeError("emoji"),
      "": make("p", { class: "error", attributes: { role: "alert" } }),
    };
    this.element = make("form", { class: "label-form", attributes: { novalidate: "" } }, [
      ...FIELDS.map((field) => this.makeField(field)),
      this.button,
      this.errors[""],
    ]);
    this.inputs.name.addEventListener("input", () => this.suggest());
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
  }

  /** Forget what was typed. */
  clear(): void {
    this.element.reset();
    this.suggested = "";
    this.refuse({ name: "", prompt: "", emoji: "", "": "" });
  }

  private makeField(field: Field): HTMLElement {
    const { title, hint } = QUESTIONS[field];
    return make("div", { class: `field field-${field}` }, [
      make("label", { text: title, attributes: { for: `labels-${field}` } }),
      this.inputs[field],
      make("span", { class: "detail", text: hint, attributes: { id: `labels-${field}-hint` } }),
      this.errors[field],
    ]);
  }

  /** Offer the name with its article, until somebody has words of their own. */
  private suggest(): void {
    const { name, prompt } = this.inputs;
    if (prompt.value !== this.suggested) return;
    this.suggested = suggestPrompt(name.value);
    prompt.value = this.suggested;
  }

  private async submit(): Promise<void> {
    if (this.button.disabled) return;
    const { name, prompt, emoji } = this.inputs;
    const label = { name: name.value.trim(), prompt: prompt.value.trim(), emoji: emoji.value.trim() };
    this.button.disabled = true;
    try {
      const refusal = await this.onAdd(label);
      if (refusal) this.refuse(refusal);
      else this.clear();
    } finally {
      this.button.disabled = false;
    }
    (FIELDS.map((field) => this.inputs[field]).find(isWrong) ?? name).focus();
  }

  private refuse(refusal: Refusal): void {
    this.errors[""].textContent = refusal[""];
    for (const field of FIELDS) {
      this.errors[field].textContent = refusal[field];
      this.inputs[field].setAttribute("aria-invalid", String(refusal[field] !== ""));
    }
  }
}

function isWrong(input: HTMLInputElement): boolean {
  return input.getAttribute("aria-invalid") === "true";
}

function makeInput(field: Field): HTMLInputElement {
  return make("input", {
    attributes: {
      id: `labels-${field}`,
      name: field,
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": `labels-${field}-error labels-${field}-hint`,
      ...QUESTIONS[field].attributes,
    },
  });
}

function makeError(field: Field): HTMLElement {
  return make("p", { class: "error", attributes: { id: `labels-${field}-error`, role: "alert" } });
}
