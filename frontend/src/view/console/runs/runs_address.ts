/** Where in the address a list of runs, one run, or several side by side are, so that each can be linked to. */

import type { RunState } from "../../../server/operator.ts";
import type { RunFilter, RunKind } from "../../../server/runs.ts";

export const STATES: readonly RunState[] = ["waiting", "running", "finished", "failed", "cancelled"];
export const KINDS: readonly RunKind[] = ["delta", "scratch", "trial"];

/** What can be sorted by; with "-" in front the largest comes first. */
export const SORTS = ["created_at", "accuracy", "loss", "seconds", "priority"] as const;

/** More lines than that in one chart tell nobody anything. */
export const MOST_COMPARED = 6;

const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type Place =
  /** With `like`, a run that another one is to be ordered like. */
  | { readonly page: "list"; readonly filter: RunFilter; readonly like?: string }
  | { readonly page: "run"; readonly key: string }
  | { readonly page: "compared"; readonly keys: readonly string[] }
  | { readonly page: "nowhere" };

/** Find what an address asks for. @param hash with its #. */
export function findPlace(hash: string): Place {
  const key = /^#runs=([^&]*)$/.exec(hash)?.[1];
  if (key !== undefined) return KEY.test(key) ? { page: "run", key } : { page: "nowhere" };
  const asked = new URLSearchParams(hash.replace(/^#runs&?/, ""));
  const compared = asked.get("compare");
  if (compared !== null) return findCompared(compared);
  const like = asked.get("like");
  const filter = readFilter(asked);
  return like !== null && KEY.test(like) ? { page: "list", filter, like } : { page: "list", filter };
}

function findCompared(names: string): Place {
  const keys = [...new Set(names.split(","))];
  const areKeys = keys.every((key) => KEY.test(key));
  return areKeys && keys.length <= MOST_COMPARED ? { page: "compared", keys } : { page: "nowhere" };
}

function readFilter(asked: URLSearchParams): RunFilter {
  const state = STATES.find((each) => each === asked.get("state"));
  const kind = KINDS.find((each) => each === asked.get("kind"));
  const sort = SORTS.flatMap((by) => [by, `-${by}`]).find((each) => each === asked.get("sort"));
  const [network, q] = [asked.get("network"), asked.get("q")];
  return {
    ...(state ? { state } : {}),
    ...(kind ? { kind } : {}),
    ...(network ? { network } : {}),
    ...(q ? { q } : {}),
    ...(sort ? { sort } : {}),
  };
}

export function listAddress(filter: RunFilter): string {
  const asked = new URLSearchParams(Object.entries(filter)).toString();
  return asked === "" ? "#runs" : `#runs&${asked}`;
}

export function runAddress(key: string): string {
  return `#runs=${key}`;
}

/** Where a run like another one is ordered. */
export function likeAddress(key: string): string {
  return `#runs&like=${key}`;
}

export function comparisonAddress(keys: readonly string[]): string {
  return `#runs&compare=${keys.join(",")}`;
}
