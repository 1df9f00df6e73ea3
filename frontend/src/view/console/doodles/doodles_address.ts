/** Where on the operator's page the gallery is: behind the #, with its filters, so that it can be linked to. */
import type { GalleryFilter } from "../../../server/gallery.ts";

const STATUSES = ["accepted", "quarantined", "rejected", "any"] as const;

const PATTERNS = {
  version: /^[0-9a-f]{12}$/,
  from: /^\d{4}-\d{2}-\d{2}$/,
  to: /^\d{4}-\d{2}-\d{2}$/,
  contributor: /^[0-9a-f]{8}$/,
} as const;

/** Everything, whatever has become of it. */
export const EVERY_DOODLE: GalleryFilter = {
  label: undefined,
  guess: undefined,
  wrong: false,
  status: "any",
  version: undefined,
  from: undefined,
  to: undefined,
  contributor: undefined,
};

export function doodlesAddress(filter: GalleryFilter): string {
  const { label, guess, wrong, status, version, from, to, contributor } = filter;
  const said = {
    label,
    guess,
    wrong: wrong ? "1" : undefined,
    status: status === "any" ? undefined : status,
    version,
    from,
    to,
    contributor,
  };
  const parts = Object.entries(said).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return ["#doodles", ...parts].join("&");
}

/** Read which doodles an address asks for; what it says wrong is as if it said nothing. @param hash with its #. */
export function readGalleryFilter(hash: string): GalleryFilter {
  const asked = new URLSearchParams(hash.split("&").slice(1).join("&"));
  const read = (name: keyof typeof PATTERNS) => {
    const value = asked.get(name) ?? "";
    return PATTERNS[name].test(value) ? value : undefined;
  };
  return {
    label: asked.get("label") || undefined,
    guess: asked.get("guess") || undefined,
    wrong: asked.get("wrong") === "1",
    status: STATUSES.find((status) => status === asked.get("status")) ?? "any",
    version: read("version"),
    from: read("from"),
    to: read("to"),
    contributor: read("contributor"),
  };
}

/** Tell how many filters leave something out. */
export function countFilters(filter: GalleryFilter): number {
  return doodlesAddress(filter).split("&").length - 1;
}
