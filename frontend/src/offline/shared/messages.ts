/** What a page says to the service worker, and the names both know. */

/** The answer of `models/live` that a page has loaded, checked and guesses with: keep it and its files. */
export interface KeepModel {
  readonly kind: "keep_model";
  readonly live: KeptLive;
}

export interface KeptLive {
  readonly deployment: number;
  readonly version: string;
  readonly base_url: string;
  /** manifest.json as the server gave it. */
  readonly manifest: unknown;
}

/**
 * Name of the lock (Web Locks) that every page of a build holds, shared, as long as it is open.
 *
 * @param entry path of the build's start-up script.
 */
export function pageLock(entry: string): string {
  return `doodle-page:${entry}`;
}
