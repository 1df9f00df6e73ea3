/** Messages in the reader's language. */
export type { MessageKey } from "./catalogue.ts";
export { chooseLanguage, isLanguage, LANGUAGE_NAMES, LANGUAGES, type Language } from "./language.ts";
export {
  formatNumber,
  loadAllMessages,
  say,
  sayName,
  sayPrompt,
  speak,
  spokenLanguage,
  type Values,
} from "./speech.ts";
