/** The controls settings are made of. Their words change with the language by themselves. */
import { type MessageKey, say } from "../../../messages/index.ts";
import { make } from "../../element.ts";

/** Make an element that says a message. */
export function makeWords<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  message: MessageKey,
  className?: string,
): HTMLElementTagNameMap[Tag] {
  const named = className === undefined ? {} : { class: className };
  return make(tag, { ...named, data: { message }, text: say(message) });
}

export function makeButton(message: MessageKey, className: string, onClick: () => void): HTMLButtonElement {
  const button = makeWords("button", message, className);
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}

export interface Switch {
  readonly row: HTMLElement;
  readonly input: HTMLInputElement;
}

/** Make an on-off switch with its explanation. */
export function makeSwitch(
  id: string,
  words: MessageKey,
  more: MessageKey,
  onChange: (isOn: boolean) => void,
): Switch {
  const input = make("input", {
    attributes: { type: "checkbox", role: "switch", id, "aria-describedby": `${id}-more` },
  });
  input.addEventListener("change", () => onChange(input.checked));
  const label = makeWords("label", words);
  label.htmlFor = id;
  const explanation = makeWords("p", more, "detail");
  explanation.id = `${id}-more`;
  return { row: make("div", { class: "setting" }, [label, input, explanation]), input };
}

export interface Choice<Value extends string> {
  readonly row: HTMLElement;
  choose(value: Value): void;
}

export interface ChoiceOption<Value extends string> {
  readonly value: Value;
  /** A message, or words that are the same in every language. */
  readonly words: { readonly message: MessageKey } | string;
}

/** Make a choice of one of a few, with radio buttons. */
export function makeChoice<Value extends string>(
  name: string,
  legend: MessageKey,
  options: readonly ChoiceOption<Value>[],
  onChange: (value: Value) => void,
): Choice<Value> {
  const inputs = options.map(({ value }) => {
    const input = make("input", { attributes: { type: "radio", name, value } });
    input.addEventListener("change", () => onChange(value));
    return input;
  });
  const labels = options.map(({ value, words }, index) => {
    const text = typeof words === "string" ? makeForeign(value, words) : makeWords("span", words.message);
    return make("label", {}, [inputs[index] as HTMLInputElement, text]);
  });
  const row = make("fieldset", { class: "setting choice-of-one" }, [
    makeWords("legend", legend),
    make("div", { class: "options" }, labels),
  ]);
  return {
    row,
    choose: (value) => {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

/** A language's own name for itself, which a screen reader is to say in that language. */
function makeForeign(language: string, words: string): HTMLElement {
  return make("span", { text: words, attributes: { lang: language } });
}
