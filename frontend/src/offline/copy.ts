/** The copy of the page that a service worker keeps: registered, told what to keep, and asked for news. */
import type { KeepModel, KeptLive } from "./shared/messages.ts";

/** Path of the script; its scope is everything. */
export const SERVICE_WORKER_PATH = "/sw.js";

/** How often a page that stays open looks for a newer build, at most. */
export const UPDATE_SECONDS = 3600;

export interface CopySurroundings {
  /** `navigator.serviceWorker`; undefined where the browser has none, or only in a secure context. */
  readonly container: ServiceWorkerContainer | undefined;
  /** Seconds that only grow: the device's clock may be wrong, or be set. */
  readonly nowSeconds: () => number;
  /** Calls back whenever the page comes into view. */
  readonly onVisible: (callback: () => void) => void;
}

export class OfflineCopy {
  private readonly registration: ServiceWorkerRegistration;

  private constructor(registration: ServiceWorkerRegistration) {
    this.registration = registration;
  }

  /**
   * Register the service worker.
   *
   * @returns undefined where there is none to be had: no secure context, a private window, storage that is blocked or full.
   */
  static async make(around: CopySurroundings): Promise<OfflineCopy | undefined> {
    const { container } = around;
    if (!container) return undefined;
    try {
      const registration = await container.register(SERVICE_WORKER_PATH, { scope: "/" });
      askForNews(registration, around);
      await container.ready;
      return new OfflineCopy(registration);
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  /** Have a model kept, and its files. */
  keep(live: KeptLive): void {
    const message: KeepModel = { kind: "keep_model", live };
    this.registration.active?.postMessage(message);
  }
}

/** A page may be open for weeks: look now and then, when somebody looks at it. */
function askForNews(
  registration: ServiceWorkerRegistration,
  { nowSeconds, onVisible }: CopySurroundings,
): void {
  let asked = nowSeconds();
  onVisible(() => {
    if (nowSeconds() - asked < UPDATE_SECONDS) return;
    asked = nowSeconds();
    // Without a network there is no news.
    registration.update().catch(() => {});
  });
}

/** Registering is refused with one of these; anything else is a fault of ours. */
function isRefusal(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}
