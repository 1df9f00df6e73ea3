/**
 * The shadow: a version that is tried on finished drawings without being shown.
 *
 * Nobody waits for it and nothing depends on it: whatever goes wrong with it, there is no answer of it, and no more.
 * See docs/decisions/0043-shadow.md.
 */
import { readGuess } from "./guess.ts";
import { type LoadedModel, loadVersion } from "./model.ts";
import type { LoadNetwork } from "./network.ts";
import type { Fetch } from "./version_files.ts";

/** What the server says is the shadow. */
export interface NamedShadow {
  readonly version: string;
  /** Folder of its files, with a slash at its end. */
  readonly baseUrl: string;
}

export interface ShadowAnswer {
  readonly version: string;
  /** Name of the label it put first. */
  readonly guess: string;
  /** In [0, 1]. */
  readonly confidence: number;
}

export interface ShadowSurroundings {
  readonly fetch: Fetch;
  readonly loadNetwork: LoadNetwork;
  /** Resolves when the page has nothing better to do. */
  readonly idle: () => Promise<void>;
  readonly later: (seconds: number, callback: () => void) => void;
}

/** Make the page's shadow; it holds nothing yet. */
export function makeShadow(
  fetch: Fetch,
  loadNetwork: LoadNetwork,
  later: ShadowSurroundings["later"],
): Shadow {
  return new Shadow({ fetch, loadNetwork, later, idle: untilIdle });
}

/** Safari has no requestIdleCallback; a moment later will do there, and on pages that are never idle. */
function untilIdle(): Promise<void> {
  const idle: typeof requestIdleCallback | undefined = globalThis.requestIdleCallback;
  return new Promise((resolve) =>
    idle ? idle(() => resolve(), { timeout: 1000 }) : setTimeout(resolve, 1000),
  );
}

/** Sending waits no longer for it; it takes some 2 ms. */
const PATIENCE_MS = 250;

/** Until what could not be loaded is tried again, as often as this page is open. */
const RETRY_SECONDS = 60;

/** Holds the shadow's network, and frees it when it is the shadow no more. */
export class Shadow {
  private readonly around: ShadowSurroundings;
  private named: NamedShadow | undefined;
  private loading: AbortController | undefined;
  private loaded: LoadedModel | undefined;

  constructor(around: ShadowSurroundings) {
    this.around = around;
  }

  /** Whether the server has named one. */
  get isNamed(): boolean {
    return this.named !== undefined;
  }

  /** Be this version from now on; none if left out. Resolves when it is loaded, or is not to be had. Never throws. */
  async follow(named: NamedShadow | undefined): Promise<void> {
    if (named?.version === this.named?.version) return;
    this.end();
    this.named = named;
    if (named) await this.load(named);
  }

  /**
   * Ask the shadow about a drawing.
   *
   * @param bitmap uint8, shape (height, width) flattened row-major; 0 paper, 255 ink.
   * @returns undefined where there is no shadow, none that fits, or no answer in time. Never throws.
   */
  async answer(bitmap: Uint8Array): Promise<ShadowAnswer | undefined> {
    const { loaded } = this;
    if (!loaded) return undefined;
    const { manifest, network } = loaded;
    if (manifest.input.height * manifest.input.width !== bitmap.length) return undefined;
    try {
      const logits = await network.ask(bitmap, AbortSignal.timeout(PATIENCE_MS));
      const top = readGuess(logits, bitmap, manifest).ranked[0];
      return top && { version: manifest.version, guess: top.label.name, confidence: top.confidence };
    } catch {
      return undefined;
    }
  }

  private end(): void {
    this.loading?.abort();
    this.loaded?.network.forget();
    this.loading = this.loaded = this.named = undefined;
  }

  private async load(named: NamedShadow): Promise<void> {
    const loading = new AbortController();
    this.loading = loading;
    try {
      await this.around.idle();
      const loaded = await this.fetchVersion(named, loading.signal);
      if (loading.signal.aborted) return loaded.network.forget();
      this.loaded = loaded;
    } catch {
      // A broken file, a page that goes offline: the drawings are sent without it meanwhile.
      if (!loading.signal.aborted) this.around.later(RETRY_SECONDS, () => this.tryAgain(named));
    }
  }

  private tryAgain(named: NamedShadow): void {
    if (named === this.named && !this.loaded) void this.load(named);
  }

  private async fetchVersion({ version, baseUrl }: NamedShadow, signal: AbortSignal): Promise<LoadedModel> {
    signal.throwIfAborted();
    // Whatever else the page fetches comes first.
    const fetch: Fetch = (url, init) => this.around.fetch(url, { ...init, priority: "low" });
    const answer = await fetch(`${baseUrl}manifest.json`, { signal });
    const manifest: unknown = await answer.json();
    const loaded = await loadVersion({ baseUrl, manifest }, fetch, this.around.loadNetwork, signal);
    if (loaded.manifest.version === version) return loaded;
    loaded.network.forget();
    throw new Error(`${baseUrl} holds version ${loaded.manifest.version}`);
  }
}
