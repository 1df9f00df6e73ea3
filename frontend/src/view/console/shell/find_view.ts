import type { ViewEntry } from "./view.ts";

/**
 * Find the view that an address asks for; the first one where it asks for none that there is.
 *
 * @param hash the address's, with its #: `#name`, `#name=…` or `#name&…`.
 */
export function findView<Entry extends Pick<ViewEntry, "name">>(
  views: readonly [Entry, ...Entry[]],
  hash: string,
): Entry {
  const name = /^#([a-z]+)/.exec(hash)?.[1];
  return views.find((entry) => entry.name === name) ?? views[0];
}
