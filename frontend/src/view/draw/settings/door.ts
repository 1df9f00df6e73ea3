/** Opens the settings, which are loaded only for those who look at them. */
import { loadAllMessages, say } from "../../../messages/index.ts";
import { getElement } from "../../element.ts";
import type { SettingsDialog, SettingsSurroundings } from "./dialog.ts";

/** Open the settings from the page's two buttons; the one in the footer leads to the drawings' part. */
export function openFromButtons(around: SettingsSurroundings, notify: (words: string) => void): void {
  let loading: Promise<SettingsDialog> | undefined;
  const open = async (where: "top" | "drawings") => {
    loading ??= Promise.all([import("./dialog.ts"), loadAllMessages()]).then(
      ([{ SettingsDialog }]) => new SettingsDialog(around),
    );
    try {
      (await loading).open(where);
    } catch {
      // No network and not kept: the next press tries again.
      loading = undefined;
      notify(say("page.not_loaded"));
    }
  };
  getElement("open-settings", HTMLButtonElement).addEventListener("click", () => void open("top"));
  getElement("open-privacy", HTMLButtonElement).addEventListener("click", () => void open("drawings"));
}
