/** Fetches a version's files, and lets none through that is not byte for byte what the manifest names. */
import type { ManifestFile } from "./manifest.ts";
import { sha256 } from "./sha256.ts";

/** A file is not the one the manifest describes. */
export class FileMismatchError extends Error {
  override name = "FileMismatchError";
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Fetch one file of a version and check its size and hash.
 *
 * @param baseUrl folder of the version, with a slash at its end.
 * @throws FileMismatchError when even the server's fresh copy differs from the manifest.
 * @throws TypeError when the server cannot be reached, Error when it does not answer 200, AbortError on `signal`.
 */
export async function fetchVersionFile(
  baseUrl: string,
  file: ManifestFile,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = `${baseUrl}${file.path}`;
  try {
    return await checkFile(await fetchBytes(url, fetch, { signal }), file);
  } catch (error) {
    if (!(error instanceof FileMismatchError)) throw error;
    // A cache on the way may hold a broken copy: ask once past all of them.
    return await checkFile(await fetchBytes(url, fetch, { signal, cache: "reload" }), file);
  }
}

async function fetchBytes(url: string, fetch: Fetch, init: RequestInit): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function checkFile(
  bytes: Uint8Array<ArrayBuffer>,
  file: ManifestFile,
): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes.length !== file.sizeBytes) {
    throw new FileMismatchError(
      `${file.path} has ${bytes.length} bytes, the manifest says ${file.sizeBytes}`,
    );
  }
  if ((await sha256(bytes)) !== file.sha256) {
    throw new FileMismatchError(`the SHA-256 of ${file.path} is not the one its manifest says`);
  }
  return bytes;
}
