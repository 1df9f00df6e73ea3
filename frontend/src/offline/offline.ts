/** The page's side of being offline: a few lines that wait until the page has guessed; the rest is loaded then. */
import type { OfflineCopy } from "./copy.ts";
import type { KeptLive } from "./shared/messages.ts";

/** What the server said is live, as the page reads it. */
export interface UsedLive {
  readonly deployment: number;
  readonly version: string;
  readonly baseUrl: string;
  readonly manifest: unknown;
}

export interface OfflineSurroundings {
  /** `navigator.serviceWorker`; undefined where the browser has none, or only in a secure context. */
  readonly container: Pick<ServiceWorkerContainer, "controller" | "addEventListener"> | undefined;
  /** Called when another build has taken over: this page goes on, and the next one that is opened is the new one. */
  readonly onNewBuild: () => void;
  /** Loads what registers the service worker, and registers it; undefined where there is none to be had. */
  readonly load: () => Promise<OfflineCopy | undefined>;
}

/**
 * Keeps a copy of the page and its model on the device.
 *
 * Nothing is done before `begin`: whatever the first guess needs is on its way first, and is in the browser's own cache
 * when the copy is made.
 */
export class Offline {
  private readonly around: OfflineSurroundings;
  private copy: Promise<OfflineCopy | undefined> | undefined;
  private live: KeptLive | undefined;

  constructor(around: OfflineSurroundings) {
    this.around = around;
    this.listen();
  }

  /** Keep this model, which the page guesses with from now on. */
  use({ deployment, version, baseUrl, manifest }: UsedLive): void {
    this.live = { deployment, version, base_url: baseUrl, manifest };
    if (this.copy) void this.keepModel();
  }

  /** Make the copy, once. Never throws: a page that cannot be kept works as long as there is a network. */
  begin(): void {
    if (this.copy) return;
    // A part of the page that cannot be loaded now is no reason to disturb who draws.
    this.copy = this.around.load().catch(() => undefined);
    void this.keepModel();
  }

  /** From the start: a page that was kept is soon told of a newer one, before anybody draws. */
  private listen(): void {
    const { container, onNewBuild } = this.around;
    // The first one takes over a page that is its own build; every later one is of another.
    let hadOne = container?.controller !== null;
    container?.addEventListener("controllerchange", () => {
      if (hadOne) onNewBuild();
      hadOne = true;
    });
  }

  private async keepModel(): Promise<void> {
    const copy = await this.copy;
    if (this.live) copy?.keep(this.live);
  }
}
