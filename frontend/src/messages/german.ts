/** Every message of the draw page in German; loaded only for those who read it. */
import type { Vocabulary } from "./catalogue.ts";
import game from "./de/game.json";
import labels from "./de/labels.json";
import offline from "./de/offline.json";
import pad from "./de/pad.json";
import page from "./de/page.json";
import photo from "./de/photo.json";
import privacy from "./de/privacy.json";
import settings from "./de/settings.json";

export const GERMAN: Vocabulary = {
  catalogue: { game, offline, pad, page, photo, privacy, settings },
  labels,
};
