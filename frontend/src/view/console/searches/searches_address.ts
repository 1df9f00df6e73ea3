/** Where in the address a search is, so that it can be linked to and gone back from. */

const PATTERN = /^#searches=([0-9a-f-]{36})$/;

export function searchAddress(key: string): string {
  return `#searches=${key}`;
}

/** Find the search an address asks for. @param hash with its #. @returns undefined where it asks for none. */
export function findSearchKey(hash: string): string | undefined {
  return PATTERN.exec(hash)?.[1];
}
