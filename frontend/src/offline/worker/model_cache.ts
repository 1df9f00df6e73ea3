/** The model that pages guess with when the server cannot be reached: its files, and the answer that names them. */
import type { KeptLive } from "../shared/messages.ts";
import { type Fetch, fetchChecked, readChecked } from "./checked.ts";
import { makeJsonAnswer } from "./json_answer.ts";
import { LIVE_PATH } from "./routes.ts";

const CACHE = "doodle-model";

/** What a page needs of a version to guess. */
const ROLES = new Set(["tfjs_model", "tfjs_weights"]);

interface NamedFile {
  readonly role: string;
  readonly path: string;
  readonly sha256: string;
}

/**
 * Contract: the answer is kept after every file it names has been, so that who is given it can load them. One model is
 * kept at a time.
 */
export class ModelCache {
  private readonly caches: CacheStorage;
  private readonly fetch: Fetch;
  private keeping: Promise<void> = Promise.resolve();

  constructor(caches: CacheStorage, fetch: Fetch) {
    this.caches = caches;
    this.fetch = fetch;
  }

  /** Keep a model that a page has loaded and checked; one after the other, the last one stays. @throws if it cannot. */
  keep(live: KeptLive): Promise<void> {
    const kept = this.keeping.then(() => this.keepNow(live));
    this.keeping = kept.catch(() => {});
    return kept;
  }

  /** Find a version's file. It is not checked here: the page does, and asks past this cache for a wrong one. */
  async find(path: string): Promise<Response | undefined> {
    return await this.caches.match(path, { cacheName: CACHE, ignoreVary: true });
  }

  /** Find the answer to "which model is live" that was kept last. */
  findLive(): Promise<Response | undefined> {
    return this.find(LIVE_PATH);
  }

  private async keepNow(live: KeptLive): Promise<void> {
    const cache = await this.caches.open(CACHE);
    const files = filesOf(live);
    for (const { path, sha256 } of files) {
      const kept = await cache.match(path, { ignoreVary: true });
      if (kept && (await readChecked(kept, sha256))) continue;
      await cache.put(path, await fetchChecked(this.fetch, path, sha256));
    }
    await cache.put(LIVE_PATH, makeJsonAnswer(live));
    const wanted = new Set([LIVE_PATH, ...files.map(({ path }) => path)]);
    for (const { url } of await cache.keys()) {
      const { pathname } = new URL(url, "http://localhost");
      if (!wanted.has(pathname)) await cache.delete(pathname);
    }
  }
}

/** Each file with its whole path. @throws TypeError for what is no manifest of ours. */
function filesOf({ base_url, version, manifest }: KeptLive): NamedFile[] {
  const { files } = manifest as { files?: unknown };
  if (base_url !== `/models/${version}/` || !Array.isArray(files)) {
    throw new TypeError("a live model with base_url and a manifest with files was expected");
  }
  return (files as NamedFile[])
    .filter(({ role }) => ROLES.has(role))
    .map((file) => ({ ...file, path: base_url + file.path }));
}
