/** The build this service worker was made with: written into it by scripts/service_worker.mjs. */

export interface Build {
  /** The first 12 hex digits of a SHA-256 over everything else here. */
  readonly id: string;
  /** Path of the start-up script: the name by which the build's open pages are known. */
  readonly entry: string;
  /** SHA-256 of every file of the draw page, by its path; the page itself is "/". */
  readonly files: Readonly<Record<string, string>>;
  /** Those of them that only few devices need: kept once they were asked for. */
  readonly rare: readonly string[];
}
