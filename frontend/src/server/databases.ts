/** The browser's databases, where it has any, and where it opens them. */

/** A browser that has not opened a database by then (it is blocked, or broken) counts as one that has none. */
export const OPEN_PATIENCE_SECONDS = 2;

/** Find `indexedDB`; undefined where there is none, or touching it is forbidden. */
export function findDatabases(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined;
  }
}

/** Wait for a database to open; undefined when it takes too long. @throws what opening it throws. */
export function openInTime<Opened>(
  opening: Promise<Opened>,
  later: (seconds: number, callback: () => void) => void,
): Promise<Opened | undefined> {
  return new Promise((resolve, reject) => {
    opening.then(resolve, reject);
    later(OPEN_PATIENCE_SECONDS, () => resolve(undefined));
  });
}
