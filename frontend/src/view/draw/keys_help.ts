/** The list of keys: made when somebody asks for it, for most never do. */
import "../styles/keys.css";
import { type MessageKey, say } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";
import { make } from "../element.ts";

/** A key's name: a message where languages differ, or the sign on the key. */
type Key = MessageKey | { readonly sign: string };

interface Line {
  /** Pressed together. */
  readonly keys: readonly Key[];
  readonly does: MessageKey;
}

const ON_PAPER: readonly Line[] = [
  { keys: [{ sign: "D" }], does: "pad.keys_pad" },
  { keys: ["pad.key_arrows"], does: "pad.keys_move" },
  { keys: ["pad.key_shift", "pad.key_arrows"], does: "pad.keys_move_far" },
  { keys: ["pad.key_space"], does: "pad.keys_toggle" },
  { keys: ["pad.key_escape"], does: "pad.keys_put_away" },
];

const TOOLS: readonly Line[] = [
  { keys: ["pad.key_control", { sign: "Z" }], does: "pad.keys_undo" },
  { keys: ["pad.key_control", { sign: "Y" }], does: "pad.keys_redo" },
  { keys: ["pad.key_delete"], does: "pad.keys_clear" },
  { keys: [{ sign: "E" }], does: "pad.keys_eraser" },
  { keys: [{ sign: "S" }], does: "pad.keys_skip" },
  { keys: [{ sign: "P" }], does: "pad.keys_picture" },
  { keys: ["pad.key_enter"], does: "pad.keys_done" },
  { keys: [{ sign: "?" }], does: "pad.keys_help" },
];

/** Open the list. It closes with Escape, by its button or by a press beside it. */
export function openKeysHelp(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#keys") ?? makeDialog();
  if (!dialog.open) dialog.showModal();
}

function makeDialog(): HTMLDialogElement {
  const dialog = make(
    "dialog",
    { class: "keys", attributes: { id: "keys", "aria-labelledby": "keys-title" } },
    [
      makeHead(() => dialog.close()),
      makePart("pad.keys_on_paper", ON_PAPER),
      makePart("pad.keys_tools", TOOLS),
      makeWords("p", "pad.keys_letters", { class: "detail" }),
    ],
  );
  dialog.addEventListener("click", (event) => {
    // Presses within it have one of its elements as their target.
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  return dialog;
}

function makeHead(close: () => void): HTMLElement {
  const title = makeWords("h2", "pad.keys", { attributes: { id: "keys-title" } });
  const button = makeWords("button", "page.close", { attributes: { type: "button" } });
  button.addEventListener("click", close);
  return make("div", { class: "head" }, [title, button]);
}

function makePart(title: MessageKey, lines: readonly Line[]): HTMLElement {
  return make("section", {}, [makeWords("h3", title), make("dl", {}, lines.map(makeLine))]);
}

function makeLine({ keys, does }: Line): HTMLElement {
  return make("div", {}, [
    make(
      "dt",
      {},
      keys.flatMap((key, index) => [...(index > 0 ? [" + "] : []), makeKey(key)]),
    ),
    makeWords("dd", does),
  ]);
}

function makeKey(key: Key): HTMLElement {
  return typeof key === "string" ? makeWords("kbd", key) : make("kbd", { text: key.sign });
}

function makeWords<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  message: MessageKey,
  attributes: Parameters<typeof make>[1] = {},
): HTMLElementTagNameMap[Tag] {
  const element = make(tag, attributes);
  tell(element, () => say(message));
  return element;
}
