/** The history of what was live: when, who, why, from, to. */
import type { Deployment } from "../../server/operator.ts";
import { make } from "../element.ts";
import { sayAgo, sayMoment } from "./words.ts";

const VERBS = { publish: "Published", deploy: "Deployed", rollback: "Rolled back to" } as const;

/** The latest ones are what an operator looks for; the API has them all. */
const NUM_SHOWN = 20;

/** Show the deployments. @param deployments newest first. @param now in milliseconds since 1970. */
export function showDeployments(list: HTMLElement, deployments: readonly Deployment[], now: number): void {
  list.dataset["empty"] = deployments.length === 0 ? "Nothing has been deployed yet." : "";
  list.replaceChildren(...deployments.slice(0, NUM_SHOWN).map((deployment) => makeEntry(deployment, now)));
}

/**
 * Find what a rollback would make live, by the server's rule: what was live before the live version first came by
 * another way than a rollback. Undefined when nothing was.
 *
 * @param deployments newest first.
 */
export function findRollbackTarget(deployments: readonly Deployment[]): string | undefined {
  const live = deployments[0]?.version;
  const arrival = deployments.find(({ version, kind }) => version === live && kind !== "rollback");
  return arrival?.previous_version ?? undefined;
}

function makeEntry(deployment: Deployment, now: number): HTMLElement {
  const { kind, version, previous_version: previous, actor, reason, created_at } = deployment;
  const words = [make("strong", { text: VERBS[kind] }), " ", make("code", { text: version })];
  const from = previous === null ? [] : [" from ", make("code", { text: previous })];
  return make("li", { class: kind, data: { deployment: String(deployment.deployment) } }, [
    make("p", {}, [...words, ...from]),
    make("p", { class: "reason", text: reason }),
    make("p", {
      class: "detail",
      text: `${sayAgo(created_at, now)} by ${actor}`,
      title: sayMoment(created_at),
    }),
  ]);
}
