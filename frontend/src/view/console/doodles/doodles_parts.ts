/** The gallery's parts, empty. */
import { make } from "../../element.ts";

export interface Parts {
  readonly list: HTMLElement;
  readonly end: HTMLElement;
  readonly more: HTMLButtonElement;
  readonly newer: HTMLButtonElement;
  readonly empty: HTMLElement;
  readonly exports: HTMLElement;
  readonly dock: HTMLElement;
  readonly bar: HTMLElement;
  readonly said: HTMLElement;
  readonly trouble: HTMLElement;
  readonly why: HTMLElement;
  readonly again: HTMLButtonElement;
}

export function makeParts(): Parts {
  const why = make("p");
  const again = makeQuiet("Try again", "");
  const trouble = make("div", { class: "trouble", attributes: { role: "alert" } }, [why, again]);
  const said = make("p", { class: "said-last detail", attributes: { role: "status" } });
  const bar = make("div", { class: "actions", attributes: { role: "toolbar", "aria-label": "What to do" } });
  const listbox = {
    role: "listbox",
    tabindex: "-1",
    "aria-multiselectable": "true",
    "aria-label": "Drawings",
  };
  return {
    list: make("div", { class: "drawings gallery", attributes: listbox }),
    end: make("div", { class: "end" }),
    more: makeQuiet("Look further", "more"),
    newer: makeQuiet("There are newer ones: show them", "newer"),
    empty: make("div", { class: "empty panel" }, [
      make("p", { class: "open", text: "Nobody has drawn anything yet." }),
      make("p", { class: "narrow" }, [
        "No drawing fits. ",
        make("a", { text: "Show all", attributes: { href: "#doodles" } }),
      ]),
    ]),
    exports: make("div", { class: "exports" }),
    dock: make("div", { class: "dock" }, [trouble, said, bar]),
    bar,
    said,
    trouble,
    why,
    again,
  };
}

function makeQuiet(text: string, name: string): HTMLButtonElement {
  return make("button", { class: `quiet ${name}`.trim(), text, attributes: { type: "button" } });
}
