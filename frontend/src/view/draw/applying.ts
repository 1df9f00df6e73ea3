/** Makes the page what its reader prefers: its language, and the side its tools stand on. */
import { say } from "../../messages/index.ts";
import { translatePage } from "../../messages/page_words.ts";
import type { PreferenceStore, Preferences } from "./preferences.ts";

/** Apply the preferences now, and each one when it changes. Resolves when the page speaks its language. */
export async function applyPreferences(
  preferences: PreferenceStore,
  notify: (words: string) => void,
): Promise<void> {
  preferences.onChange((current, before) => {
    showHand(current);
    if (current.language !== before.language) void speakTo(current, notify);
  });
  addEventListener("storage", () => preferences.refresh());
  showHand(preferences.current);
  if (preferences.current.language !== "en") await speakTo(preferences.current, notify);
}

function showHand({ hand }: Preferences): void {
  document.body.dataset["hand"] = hand;
}

async function speakTo({ language }: Preferences, notify: (words: string) => void): Promise<void> {
  try {
    await translatePage(language);
  } catch {
    // No network, and the language was never loaded: the page goes on in the one it speaks.
    notify(say("page.not_loaded"));
  }
}
