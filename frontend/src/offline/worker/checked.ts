/** Answers whose content has been compared with its SHA-256: nothing else is kept or given out. */
import { sha256 } from "./sha256.ts";

/** What comes from the network is not the file that was named. */
export class WrongFileError extends Error {
  override name = "WrongFileError";
}

/** Headers that speak of how the content travelled: it is unpacked by now. */
const TRAVEL_HEADERS = ["Content-Encoding", "Content-Length", "Transfer-Encoding"];

/**
 * Read an answer to its end and compare it.
 *
 * @returns the same answer with its content in memory; undefined where it is another file, or no success.
 */
export async function readChecked(response: Response, hash: string): Promise<Response | undefined> {
  if (!response.ok) return undefined;
  const bytes = await response.arrayBuffer();
  if ((await sha256(bytes)) !== hash) return undefined;
  const headers = new Headers(response.headers);
  for (const name of TRAVEL_HEADERS) headers.delete(name);
  return new Response(bytes, { headers });
}

/**
 * Fetch a file, past all caches where what they hold is another one.
 *
 * @throws WrongFileError when even the server's fresh copy is another file; TypeError when it cannot be reached.
 */
export async function fetchChecked(fetch: Fetch, path: string, hash: string): Promise<Response> {
  const first = await readChecked(await fetch(path, {}), hash);
  const right = first ?? (await readChecked(await fetch(path, { cache: "reload" }), hash));
  if (!right) throw new WrongFileError(`${path} is not the file this build was made with`);
  return right;
}

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;
