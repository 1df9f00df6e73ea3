/**
 * What cannot begin too early, in a script of its own that comes before the page's: the worker is started, and fetches its
 * kernels while the page is still on its way. `main.ts` takes it over.
 */

let early = start();

/** Give the worker that was started, or start another one. @throws where the browser lets no worker run. */
export function takeWorker(): Worker {
  const taken = early ?? make();
  early = undefined;
  return taken;
}

function start(): Worker | undefined {
  try {
    const worker = make();
    // Nobody listens yet: whoever takes one over is to hear himself that none will run.
    worker.addEventListener("error", () => {
      if (early === worker) early = undefined;
    });
    return worker;
  } catch {
    return undefined;
  }
}

function make(): Worker {
  return new Worker(new URL("./predict/worker/worker.ts", import.meta.url), { type: "module" });
}
