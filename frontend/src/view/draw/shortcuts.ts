/** The keyboard's way to every button of the draw page. */

export type Command = "undo" | "redo" | "clear" | "erase" | "skip" | "enter" | "pad" | "picture" | "keys";

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const PLAIN_KEYS: Readonly<Record<string, Command>> = { delete: "clear", backspace: "clear", enter: "enter" };

/** Keys that make a letter; who speaks to a browser, or trembles, can do without them (WCAG 2.1, 2.1.4). */
const LETTER_KEYS: Readonly<Record<string, Command>> = {
  e: "erase",
  s: "skip",
  d: "pad",
  p: "picture",
  "?": "keys",
};

/** Read a key press as a command, if it is one. */
export function findCommand(press: KeyPress, hasLetterKeys = true): Command | undefined {
  const { ctrlKey, metaKey, shiftKey, altKey } = press;
  const key = press.key.toLowerCase();
  if (altKey) return undefined;
  if (ctrlKey || metaKey) {
    if (key === "z") return shiftKey ? "redo" : "undo";
    return key === "y" ? "redo" : undefined;
  }
  return PLAIN_KEYS[key] ?? (hasLetterKeys ? LETTER_KEYS[key] : undefined);
}

export type Handlers = Partial<Readonly<Record<Command, () => void>>>;

/**
 * Listen for commands, except where a key belongs to what has the focus: Enter to a button, all of them to a text field
 * and to an open dialog.
 *
 * @param hasLetterKeys asked at each press.
 */
export function listenToKeys(handlers: Handlers, hasLetterKeys: () => boolean = () => true): void {
  document.addEventListener("keydown", (event) => {
    const command = findCommand(event, hasLetterKeys());
    const handle = command && handlers[command];
    if (!handle || isDialogOpen() || belongsToFocus(event.target, command)) return;
    event.preventDefault();
    if (!event.repeat || MAY_REPEAT.has(command)) handle();
  });
}

/** Holding the key does these again and again. */
const MAY_REPEAT: ReadonlySet<Command> = new Set(["undo", "redo"]);

/** Who presses keys in front of an open dialog does not mean the page behind it, wherever the focus is. */
function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

function belongsToFocus(target: EventTarget | null, command: Command): boolean {
  if (!(target instanceof Element)) return false;
  const owners = command === "enter" ? `${TYPED_IN}, button, a, summary, input` : TYPED_IN;
  return target.closest(owners) !== null;
}

const TYPED_IN =
  'dialog, textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"], [type="file"])';
