/** What is said of a picture, and of what is wrong with it. */
import { say } from "../../../messages/index.ts";
import { PHOTO_LIMITS } from "../../../photo/limits.ts";
import type { Refusal } from "../../../photo/refusal.ts";

export type Stage = "reading" | "finding" | "guessing";

const STAGES: Readonly<Record<Stage, () => string>> = {
  reading: () => say("photo.reading"),
  finding: () => say("photo.finding"),
  guessing: () => say("photo.guessing"),
};

const REFUSALS: Readonly<Record<Refusal, () => string>> = {
  empty: () => say("photo.empty"),
  too_many_bytes: () => say("photo.too_many_bytes", { megabytes: PHOTO_LIMITS.maxBytes / 1e6 }),
  no_picture: () => say("photo.no_picture"),
  too_many_pixels: () => say("photo.too_many_pixels", { megapixels: PHOTO_LIMITS.maxPixels / 1e6 }),
  too_long: () => say("photo.too_long", { pixels: PHOTO_LIMITS.maxSide }),
  broken: () => say("photo.broken"),
  no_ink: () => say("photo.no_ink"),
  no_reader: () => say("photo.no_reader"),
};

/** Say how far a picture is. */
export function sayStage(stage: Stage): string {
  return STAGES[stage]();
}

/** Say what is wrong with a picture, and what would be right. */
export function sayRefusal(refusal: Refusal): string {
  return REFUSALS[refusal]();
}
