/** What comes of requests, in words. */
import { RefusedError, UnreachableError } from "../../../server/http.ts";
import type { ConsoleSurroundings } from "./view.ts";

const UNAUTHORISED = 401;

/**
 * Say in words why a request failed.
 *
 * @param onSignedOut called where the session has ended.
 * @returns undefined where the session has ended: there is nothing to say but to sign in.
 * @throws what is not about a request.
 */
export function sayFailure(error: unknown, onSignedOut: () => void): string | undefined {
  if (error instanceof UnreachableError) return "The server does not answer. Try again in a moment.";
  if (!(error instanceof RefusedError)) throw error;
  if (error.status !== UNAUTHORISED) return error.message;
  onSignedOut();
  return undefined;
}

type Answering = Pick<ConsoleSurroundings, "onSignedOut" | "showConnection">;
type Ordering = Pick<ConsoleSurroundings, "onSignedOut" | "notify">;

/** Ask, and show whether the server answers. @returns undefined where it did not. */
export async function ask<Answer>(
  around: Answering,
  fetch: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    const answer = await fetch();
    around.showConnection(true);
    return answer;
  } catch (error) {
    if (sayFailure(error, around.onSignedOut) !== undefined) around.showConnection(false);
    return undefined;
  }
}

/** Give an order, and say how it went. @param done what to say when it is done. */
export async function order(around: Ordering, done: string, give: () => Promise<unknown>): Promise<void> {
  try {
    await give();
    around.notify(done);
  } catch (error) {
    const words = sayFailure(error, around.onSignedOut);
    if (words !== undefined) around.notify(words);
  }
}
