/**
 * Takes the place of the service worker where an operator has switched it off (DOODLE_OFFLINE=off).
 *
 * It removes everything that was kept, and itself. Drawings that wait to be sent are not among that: they lie in the
 * page's own database.
 */

const worker = globalThis as unknown as ServiceWorkerGlobalScope;

worker.addEventListener("install", (event) => {
  event.waitUntil(worker.skipWaiting());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(removeEverything());
});

async function removeEverything(): Promise<void> {
  await worker.registration.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
}
