/** Every message of the draw page in English, which every other language has the keys of; labels keep the server's words. */
import { ENGLISH_AT_START } from "./catalogue.ts";
import photo from "./en/photo.json";
import privacy from "./en/privacy.json";
import settings from "./en/settings.json";

export const ENGLISH = { catalogue: { ...ENGLISH_AT_START, photo, privacy, settings }, labels: {} };
