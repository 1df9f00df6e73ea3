import { pageLock } from "./shared/messages.ts";

/**
 * Let the service worker know, as long as this page is open, of which build it is: its files are kept so long.
 *
 * @param entryUrl address of the page's start-up script.
 * @param locks undefined where the browser has none, or only in a secure context.
 */
export function holdPage(entryUrl: string, locks: LockManager | undefined): void {
  const held = locks?.request(
    pageLock(new URL(entryUrl).pathname),
    { mode: "shared" },
    () => new Promise(() => {}),
  );
  // Where locks are forbidden, as with all of a site's storage, there is no service worker either.
  held?.catch(() => {});
}
