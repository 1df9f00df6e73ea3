/** The keyboard's way to every button of the draw page. */

export type Command = "undo" | "redo" | "clear" | "skip" | "enter";

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Read a key press as a command, if it is one. */
export function findCommand({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): Command | undefined {
  if (altKey) return undefined;
  const name = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (name === "z") return shiftKey ? "redo" : "undo";
    return name === "y" ? "redo" : undefined;
  }
  return PLAIN_KEYS[name];
}

const PLAIN_KEYS: Readonly<Record<string, Command>> = { delete: "clear", s: "skip", enter: "enter" };

/** Call back for each command, except where the key belongs to what has the focus (Enter on a button). */
export function listenToKeys(onCommand: (command: Command) => void): void {
  document.addEventListener("keydown", (event) => {
    const command = findCommand(event);
    if (!command || (command === "enter" && belongsToFocus(event.target))) return;
    if (event.repeat && ONCE_A_PRESS.has(command)) return;
    event.preventDefault();
    onCommand(command);
  });
}

/** Holding the key does not do these again and again. */
const ONCE_A_PRESS: ReadonlySet<Command> = new Set(["skip", "enter"]);

function belongsToFocus(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a, input, textarea, dialog") !== null;
}
