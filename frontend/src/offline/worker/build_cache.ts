/** The draw page's files: kept whole for each build, until no page of that build is open. */
import { pageLock } from "../shared/messages.ts";
import type { Build } from "./build.ts";
import { type Fetch, fetchChecked, readChecked } from "./checked.ts";
import { makeJsonAnswer } from "./json_answer.ts";

const PREFIX = "doodle-build-";

/** Where a build's own list lies in its cache. Put there last: a cache without it is not whole. */
const LIST_PATH = "/.build";

export interface BuildSurroundings {
  readonly caches: CacheStorage;
  readonly fetch: Fetch;
  /** Names of the locks that are held just now; undefined where the browser has no locks. */
  readonly heldLocks: () => Promise<readonly string[] | undefined>;
  /** How many pages of ours are open. */
  readonly numPages: () => Promise<number>;
  /** Whether this service worker is the one that answers, and no other one is on its way to take its place. */
  readonly isSettled: () => boolean;
}

/**
 * Contract: what `find` gives has the SHA-256 its build names. A broken or lost entry is fetched again. Several builds
 * lie side by side; only `tidy` removes one, and never the one this service worker was made with.
 */
export class BuildCache {
  private readonly build: Build;
  private readonly around: BuildSurroundings;

  constructor(build: Build, around: BuildSurroundings) {
    this.build = build;
    this.around = around;
  }

  /**
   * Keep every file of the build; what an older build had in common with it is not fetched again.
   *
   * @throws when one cannot be had or kept: the build is not whole, and the next visit tries again.
   */
  async keep(): Promise<void> {
    const cache = await this.open();
    const rare = new Set(this.build.rare);
    for (const [path, hash] of Object.entries(this.build.files)) {
      if (rare.has(path)) continue;
      if (await this.findIn(cache, path, hash)) continue;
      const kept = await this.findElsewhere(path, hash);
      await cache.put(path, kept ?? (await fetchChecked(this.around.fetch, path, hash)));
    }
    await cache.put(LIST_PATH, makeJsonAnswer(this.build));
  }

  /** Find a file of this build, or of one that is still in use; fetch it where it was lost. */
  async find(path: string): Promise<Response | undefined> {
    const hash = this.build.files[path];
    if (hash === undefined) return this.findInOthers(path);
    // Removed meanwhile, by sw_off.ts or by hand: it is not to come back piece by piece, but whole (`tidy`) or not at all.
    if (!(await this.around.caches.has(PREFIX + this.build.id))) return undefined;
    const cache = await this.open();
    const kept = await this.findIn(cache, path, hash);
    if (kept) return kept;
    const fetched = await fetchChecked(this.around.fetch, path, hash);
    await cache.put(path, fetched.clone());
    return fetched;
  }

  /**
   * Keep this build again if it was lost, and remove the builds that no open page is of.
   *
   * Neither while another service worker is on its way: what it keeps is not whole yet, and no page is of it.
   *
   * @throws as `keep` does; then nothing is removed.
   */
  async tidy(): Promise<void> {
    if (this.around.isSettled() && !(await this.isWhole())) await this.keep();
    const others = await this.others();
    // Asked when they are listed: one that comes from now on is not among them.
    if (!this.around.isSettled()) return;
    const held = await this.around.heldLocks();
    for (const [name, build] of others) {
      if (await this.isInUse(build, held)) continue;
      await this.around.caches.delete(name);
    }
  }

  private async isInUse(build: Build | undefined, held: readonly string[] | undefined): Promise<boolean> {
    if (!build) return false;
    if (held) return held.includes(pageLock(build.entry));
    // Without locks nobody knows whose page is whose: one may be the page that asks.
    return (await this.around.numPages()) > 1;
  }

  private async isWhole(): Promise<boolean> {
    const name = PREFIX + this.build.id;
    return (await this.around.caches.has(name)) && (await (await this.open()).match(LIST_PATH)) !== undefined;
  }

  private open(): Promise<Cache> {
    return this.around.caches.open(PREFIX + this.build.id);
  }

  private async findIn(cache: Cache, path: string, hash: string): Promise<Response | undefined> {
    const kept = await cache.match(path, { ignoreVary: true });
    return kept && (await readChecked(kept, hash));
  }

  private async findElsewhere(path: string, hash: string): Promise<Response | undefined> {
    for (const [name, build] of await this.others()) {
      if (build?.files[path] !== hash) continue;
      const kept = await this.findIn(await this.around.caches.open(name), path, hash);
      if (kept) return kept;
    }
    return undefined;
  }

  private async findInOthers(path: string): Promise<Response | undefined> {
    for (const [name, build] of await this.others()) {
      const hash = build?.files[path];
      if (hash === undefined) continue;
      const kept = await this.findIn(await this.around.caches.open(name), path, hash);
      if (kept) return kept;
    }
    return undefined;
  }

  /** Every other build there is, and its list, if it is whole. */
  private async others(): Promise<[string, Build | undefined][]> {
    const { caches } = this.around;
    const names = (await caches.keys()).filter(
      (name) => name.startsWith(PREFIX) && name !== PREFIX + this.build.id,
    );
    return Promise.all(
      names.map(async (name): Promise<[string, Build | undefined]> => {
        const list = await (await caches.open(name)).match(LIST_PATH);
        return [name, list && ((await list.json()) as Build)];
      }),
    );
  }
}
