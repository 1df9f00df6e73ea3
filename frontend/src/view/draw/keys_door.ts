/** Opens the list of keys by its button and by "?"; what it takes is loaded only then. */
import { say } from "../../messages/index.ts";
import { listenToKeys } from "./shortcuts.ts";

export function listenForKeysHelp(
  button: HTMLButtonElement,
  hasLetterKeys: () => boolean,
  notify: (words: string) => void,
): void {
  const open = async () => {
    try {
      (await import("./keys_help.ts")).openKeysHelp();
    } catch {
      notify(say("pad.help_missing"));
    }
  };
  button.addEventListener("click", () => void open());
  listenToKeys({ keys: () => void open() }, hasLetterKeys);
}
