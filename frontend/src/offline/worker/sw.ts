/**
 * The service worker: keeps the draw page and its model on the device, and answers for them.
 *
 * It takes over as soon as it is whole, and touches nothing but what `routes.ts` names: nothing that is sent, no
 * event stream, not the operator's page. Decision 0050 says why it is ours and how it is switched off.
 */
import type { KeepModel } from "../shared/messages.ts";
import { answer } from "./answers.ts";
import type { Build } from "./build.ts";
import { BuildCache } from "./build_cache.ts";
import { ModelCache } from "./model_cache.ts";
import { chooseRoute } from "./routes.ts";

/** Put in by scripts/service_worker.mjs. */
declare const BUILD: Build;

const worker = globalThis as unknown as ServiceWorkerGlobalScope;

const fetchPath = (path: string, init: RequestInit) => fetch(path, init);
const files = new Set(Object.keys(BUILD.files));
const models = new ModelCache(caches, fetchPath);
const builds = new BuildCache(BUILD, { caches, fetch: fetchPath, heldLocks, numPages, isSettled });

worker.addEventListener("install", (event) => {
  event.waitUntil(builds.keep().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("fetch", (event) => {
  const route = chooseRoute(event.request, worker.location.origin, files);
  if (route === "network") return;
  event.respondWith(
    answer(route, event.request, {
      builds,
      models,
      fetch: (request) => fetch(request),
      later: (seconds, callback) => setTimeout(callback, seconds * 1000),
    }),
  );
  // Not sooner: a page that was opened in the same moment as this worker came has told nobody yet that it is there.
  // What cannot be kept now is kept on a later visit.
  if (route === "page") event.waitUntil(builds.tidy().catch(() => {}));
});

worker.addEventListener("message", (event) => {
  const message = event.data as Partial<KeepModel>;
  if (message.kind === "keep_model" && message.live) {
    // A model that cannot be kept is fetched again on the next visit; nobody waits for it.
    event.waitUntil(models.keep(message.live).catch(() => {}));
  }
});

async function heldLocks(): Promise<readonly string[] | undefined> {
  const locks: LockManager | undefined = worker.navigator.locks;
  const { held = [] } = (await locks?.query()) ?? {};
  return locks && held.map(({ name = "" }) => name);
}

async function numPages(): Promise<number> {
  return (await worker.clients.matchAll({ includeUncontrolled: true })).length;
}

function isSettled(): boolean {
  const { installing, waiting } = worker.registration;
  // Not every browser tells a service worker about itself.
  const self: ServiceWorker | undefined = worker.serviceWorker;
  return !installing && !waiting && self?.state !== "redundant";
}
