/** Asks which model is live, and is told "the same as before" without a body. */
import type { RequestJson } from "./http.ts";

export const LIVE_MODEL_PATH = "/api/v1/models/live";

export interface LiveModelAnswer {
  readonly deployment: number;
  readonly version: string;
  /** Folder of the version's files, with a slash at its end. */
  readonly baseUrl: string;
  /** manifest.json as the server gives it; `predict/manifest.ts` checks it. */
  readonly manifest: unknown;
  /** What is tried beside it without being shown. */
  readonly shadow?: { readonly version: string; readonly baseUrl: string };
}

export class LiveModelClient {
  private readonly request: RequestJson;
  private etag: string | undefined;

  constructor(request: RequestJson) {
    this.request = request;
  }

  /**
   * Find out what is live.
   *
   * @returns undefined when it is what the last call returned.
   * @throws RefusedError (503: there is no model yet), UnreachableError.
   */
  async findNews(): Promise<LiveModelAnswer | undefined> {
    const headers: Record<string, string> = this.etag === undefined ? {} : { "If-None-Match": this.etag };
    const answer = await this.request(LIVE_MODEL_PATH, { headers });
    if (answer.body === undefined) return undefined;
    this.etag = answer.headers.get("ETag") ?? undefined;
    return readLiveModel(answer.body);
  }

  /** Let the next `findNews` tell everything again, because what it told could not be used. */
  forget(): void {
    this.etag = undefined;
  }
}

function readLiveModel(body: unknown): LiveModelAnswer {
  const { deployment, version, base_url, manifest, shadow } = body as Record<string, unknown>;
  if (typeof deployment !== "number" || typeof version !== "string" || typeof base_url !== "string") {
    throw new TypeError(`${LIVE_MODEL_PATH} answered without deployment, version or base_url`);
  }
  const live = { deployment, version, baseUrl: base_url, manifest };
  if (!shadow) return live;
  const beside = shadow as { version: string; base_url: string };
  return { ...live, shadow: { version: beside.version, baseUrl: beside.base_url } };
}
