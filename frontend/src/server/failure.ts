/** What a failed try means for a letter, and for those behind it. */
import { RefusedError, UnreachableError } from "./http.ts";
import type { Letter } from "./outbox_store.ts";

/** final: no later try goes otherwise; skip_doodle: this one waits, the next one may pass; stop: all wait. */
export type Step = "final" | "skip_doodle" | "stop";

const NOT_FOUND = 404;
const SERVER_ERROR = 500;

/** Conflict, too large, not as expected: our server has read what is in the letter, and reads the same next time. */
const ABOUT_CONTENT = new Set([409, 413, 422]);

/** Who asks, where and how often: every letter meets the same. */
const ABOUT_NO_LETTER = new Set([401, NOT_FOUND, 405, 407, 408, 415, 421, 429, 431]);

/**
 * Judge a failure. What is final loses a drawing, so only our own server's word about the letter itself is: a portal, a
 * proxy, or what stands at the address while a release is rolled out refuses everything, and later does not.
 *
 * @returns undefined for an error that is neither refusal nor network.
 */
export function judgeFailure(error: unknown, letter: Letter): Step | undefined {
  if (error instanceof UnreachableError) return "stop";
  if (!(error instanceof RefusedError)) return undefined;
  if (isLastWord(error, letter)) return "final";
  return error.status > SERVER_ERROR || ABOUT_NO_LETTER.has(error.status) ? "stop" : "skip_doodle";
}

function isLastWord({ isOurs, status, fields }: RefusedError, { kind }: Letter): boolean {
  if (!isOurs) return false;
  if (ABOUT_CONTENT.has(status)) return true;
  // That there is no such doodle names the id; that there is no such address names nothing.
  return kind === "correction" && status === NOT_FOUND && fields.some(({ field }) => field === "id");
}
