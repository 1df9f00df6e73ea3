/** The settings: made when they are first opened, for most never look. */
import "../../styles/settings.css";
import { LANGUAGE_NAMES, LANGUAGES, type Language, say } from "../../../messages/index.ts";
import { tell } from "../../../messages/page_words.ts";
import { Forgetting, type ForgettingSurroundings } from "../../../server/forgetting.ts";
import { make } from "../../element.ts";
import type { PreferenceStore, Preferences } from "../preferences.ts";
import { ForgetPart } from "./forget_part.ts";
import { type Choice, makeButton, makeChoice, makeSwitch, makeWords, type Switch } from "./parts.ts";

export interface SettingsSurroundings {
  readonly preferences: PreferenceStore;
  readonly forgetting: ForgettingSurroundings;
}

export class SettingsDialog {
  private readonly preferences: PreferenceStore;
  private readonly dialog: HTMLDialogElement;
  private readonly language: Choice<Language>;
  private readonly hand: Choice<Preferences["hand"]>;
  private readonly timer: Switch;
  private readonly letterKeys: Switch;
  private readonly storing: Switch;
  private readonly forget: ForgetPart;
  private readonly kept = make("p", { class: "detail" });

  constructor({ preferences, forgetting }: SettingsSurroundings) {
    this.preferences = preferences;
    const set = (change: Partial<Preferences>) => preferences.set(change);
    this.language = makeChoice("language", "settings.language", LANGUAGES.map(offerLanguage), (language) =>
      set({ language }),
    );
    this.timer = makeSwitch("has-timer", "settings.timer", "settings.timer_more", (hasTimer) =>
      set({ hasTimer }),
    );
    this.hand = makeChoice("hand", "settings.hand", HANDS, (hand) => set({ hand }));
    this.hand.row.append(makeWords("p", "settings.hand_more", "detail"));
    this.letterKeys = makeSwitch(
      "has-letter-keys",
      "settings.letter_keys",
      "settings.letter_keys_more",
      (hasLetterKeys) => set({ hasLetterKeys }),
    );
    this.storing = makeSwitch("is-storing", "privacy.storing", "privacy.storing_more", (isStoring) =>
      set({ isStoring }),
    );
    this.forget = new ForgetPart(new Forgetting(forgetting));
    this.dialog = this.make();
    document.body.append(this.dialog);
    preferences.onChange(() => this.show());
    this.show();
  }

  /** Open, at the top or at what becomes of drawings. */
  open(where: "top" | "drawings"): void {
    void this.forget.refresh();
    this.dialog.showModal();
    if (where === "drawings") this.dialog.querySelector<HTMLElement>("#forget-title")?.focus();
    else this.dialog.querySelector<HTMLElement>("#settings-title")?.focus();
  }

  private make(): HTMLDialogElement {
    const dialog = make(
      "dialog",
      { class: "settings", attributes: { id: "settings", "aria-labelledby": "settings-title" } },
      [
        this.makeHead(),
        this.language.row,
        this.timer.row,
        this.hand.row,
        this.letterKeys.row,
        this.kept,
        makeHeading("h3", "privacy.title", "forget-title"),
        makeWords("p", "privacy.stored"),
        makeWords("p", "privacy.not_stored"),
        this.storing.row,
        this.forget.element,
      ],
    );
    // A press beside the dialog closes it, as people expect of one.
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && isBeside(event, dialog)) dialog.close();
    });
    return dialog;
  }

  private makeHead(): HTMLElement {
    const close = makeButton("page.close", "close", () => this.dialog.close());
    return make("div", { class: "head" }, [makeHeading("h2", "settings.title", "settings-title"), close]);
  }

  private show(): void {
    const { language, hasTimer, hand, hasLetterKeys, isStoring } = this.preferences.current;
    this.language.choose(language);
    this.hand.choose(hand);
    this.timer.input.checked = hasTimer;
    this.letterKeys.input.checked = hasLetterKeys;
    this.storing.input.checked = isStoring;
    tell(this.kept, () => say(this.preferences.isKept ? "settings.remembered" : "settings.not_remembered"));
  }
}

const HANDS = [
  { value: "right", words: { message: "settings.right" } },
  { value: "left", words: { message: "settings.left" } },
] as const;

function offerLanguage(language: Language) {
  return { value: language, words: LANGUAGE_NAMES[language] };
}

function makeHeading(
  tag: "h2" | "h3",
  message: "settings.title" | "privacy.title",
  id: string,
): HTMLHeadingElement {
  const heading = makeWords(tag, message);
  heading.id = id;
  heading.tabIndex = -1;
  return heading;
}

function isBeside({ clientX, clientY }: MouseEvent, dialog: HTMLElement): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
