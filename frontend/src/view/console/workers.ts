/** Who trains, and whether they are still there. */
import type { Worker } from "../../server/operator.ts";
import { make } from "../element.ts";
import { sayAgo } from "./words.ts";

/** Show the workers. @param now in milliseconds since 1970. */
export function showWorkers(list: HTMLElement, workers: readonly Worker[], now: number): void {
  list.dataset["empty"] = workers.length === 0 ? "No worker has reported yet: runs wait until one does." : "";
  list.replaceChildren(...workers.map((worker) => makeWorker(worker, now)));
}

function makeWorker(worker: Worker, now: number): HTMLElement {
  const { state } = worker;
  const place = [worker.host, worker.device].filter(Boolean).join(" \u00b7 ");
  return make("li", { class: `worker ${state}`, data: { worker: worker.name } }, [
    make("span", { class: "dot", attributes: { "aria-hidden": "true" } }),
    make("span", { class: "name" }, [
      make("strong", { text: worker.name }),
      make("span", { class: "detail", text: place }),
    ]),
    make("span", { class: "detail", text: `${state}, seen ${sayAgo(worker.heartbeat_at, now)}` }),
  ]);
}
