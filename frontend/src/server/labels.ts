/** Asks what there is to draw, and is told "the same as before" without a body. */
import type { RequestJson } from "./http.ts";

export const LABELS_PATH = "/api/v1/labels";

/** A label as the page asks for it. */
export interface DrawnLabel {
  readonly name: string;
  /** The word with its article, as it stands in "Can you draw ...?". */
  readonly prompt: string;
  readonly emoji: string;
}

export class LabelsClient {
  private readonly request: RequestJson;
  private etag: string | undefined;

  constructor(request: RequestJson) {
    this.request = request;
  }

  /** Tell whether these are the labels that were told last. */
  knows(fingerprint: string): boolean {
    // A proxy that compresses the answer makes its ETag a weak one: W/"...".
    return this.etag?.replace(/^W\//, "") === `"${fingerprint}"`;
  }

  /**
   * Find out which labels there are.
   *
   * @returns undefined when they are what the last call returned.
   * @throws RefusedError, UnreachableError.
   */
  async findNews(): Promise<readonly DrawnLabel[] | undefined> {
    const headers: Record<string, string> = this.etag === undefined ? {} : { "If-None-Match": this.etag };
    const answer = await this.request(LABELS_PATH, { headers });
    if (answer.body === undefined) return undefined;
    const labels = readLabels(answer.body);
    this.etag = answer.headers.get("ETag") ?? undefined;
    return labels;
  }
}

function readLabels(body: unknown): readonly DrawnLabel[] {
  const { labels } = body as { labels?: unknown };
  if (!Array.isArray(labels) || labels.length === 0 || !labels.every(isLabel)) {
    throw new TypeError(`${LABELS_PATH} answered without labels`);
  }
  return labels.map(({ name, prompt, emoji }) => ({ name, prompt, emoji }));
}

function isLabel(value: unknown): value is DrawnLabel {
  const { name, prompt, emoji } = (value ?? {}) as Record<string, unknown>;
  return [name, prompt, emoji].every((text) => typeof text === "string" && text !== "");
}
