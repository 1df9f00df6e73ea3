/** Caches as a browser has them, in memory; and a site's files behind them. */

export class FakeCache {
  readonly entries = new Map<string, Response>();
  /** Thrown by every `put`: the browser's storage is full. */
  full: Error | undefined;

  async match(path: string): Promise<Response | undefined> {
    return this.entries.get(path)?.clone();
  }

  async put(path: string, response: Response): Promise<void> {
    if (this.full) throw this.full;
    this.entries.set(path, response);
  }

  async delete(path: string): Promise<boolean> {
    return this.entries.delete(path);
  }

  async keys(): Promise<{ url: string }[]> {
    return [...this.entries.keys()].map((path) => ({ url: `http://localhost${path}` }));
  }
}

export class FakeCaches {
  readonly all = new Map<string, FakeCache>();
  /** What every new cache gets as its `full`. */
  full: Error | undefined;

  async open(name: string): Promise<FakeCache> {
    const cache = this.all.get(name) ?? new FakeCache();
    cache.full = this.full;
    this.all.set(name, cache);
    return cache;
  }

  async has(name: string): Promise<boolean> {
    return this.all.has(name);
  }

  async match(path: string, { cacheName }: { cacheName: string }): Promise<Response | undefined> {
    return await this.all.get(cacheName)?.match(path);
  }

  async keys(): Promise<string[]> {
    return [...this.all.keys()];
  }

  async delete(name: string): Promise<boolean> {
    return this.all.delete(name);
  }

  /** As the service worker sees it. */
  get asStorage(): CacheStorage {
    return this as unknown as CacheStorage;
  }
}

/** A site that says what it was asked for; `broken` files are wrong until they are asked for past all caches. */
export class FakeSite {
  readonly files = new Map<string, string>();
  readonly broken = new Set<string>();
  readonly asked: string[] = [];
  isDown = false;
  /** Lets a test act between a request's arrival and its answer. */
  beforeAnswer: () => Promise<void> = async () => {};

  readonly fetch = async (path: string, { cache }: RequestInit): Promise<Response> => {
    this.asked.push(cache === "reload" ? `${path} (reload)` : path);
    await this.beforeAnswer();
    if (this.isDown) throw new TypeError("Failed to fetch");
    const content = this.files.get(path);
    if (content === undefined) return new Response("", { status: 404 });
    const isBroken = this.broken.has(path) && cache !== "reload";
    return new Response(isBroken ? "broken" : content, { headers: { "Content-Encoding": "gzip" } });
  };
}
