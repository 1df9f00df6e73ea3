/** Fetches files over lines that may be slow, but not over lines that are dead. */
import type { Fetch } from "./version_files.ts";
import type { Later } from "./worker_line.ts";

/** Nothing has come for so long: nothing more will. However slow a line is, something comes in this time. */
export const STALL_SECONDS = 20;

/** The server has begun to answer, or has not, and says nothing more. */
export class StalledError extends Error {
  override name = "StalledError";
}

/**
 * Make a fetch that gives up when nothing arrives for `STALL_SECONDS`; how long the whole takes does not matter.
 *
 * @returns answers are read to their end before they are given out. They throw StalledError besides what `fetch` throws.
 */
export function steadily(fetch: Fetch, later: Later): Fetch {
  return async (url, init) => {
    const watch = new Watch(url, later, init.signal ?? undefined);
    try {
      const response = await fetch(url, { ...init, signal: watch.signal });
      const content = await readWatched(response, watch);
      return new Response(content, { status: response.status, headers: response.headers });
    } catch (error) {
      // A fetch that is aborted says "AbortError", whatever it was aborted with.
      throw watch.signal.aborted ? watch.signal.reason : error;
    } finally {
      watch.end();
    }
  };
}

async function readWatched(response: Response, watch: Watch): Promise<Blob | null> {
  if (!response.body) return null;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    watch.tell();
    parts.push(read.value);
  }
  return new Blob(parts);
}

/** Aborts what is watched when it has been silent for too long, or when nobody wants it any more. */
class Watch {
  private readonly controller = new AbortController();
  private readonly url: string;
  private readonly later: Later;
  private readonly wanted: AbortSignal | undefined;
  private numPieces = 0;
  private isOver = false;

  constructor(url: string, later: Later, wanted: AbortSignal | undefined) {
    this.url = url;
    this.later = later;
    this.wanted = wanted;
    wanted?.throwIfAborted();
    wanted?.addEventListener("abort", this.abandon);
    this.look();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something has come. */
  tell(): void {
    this.numPieces += 1;
  }

  end(): void {
    this.isOver = true;
    this.wanted?.removeEventListener("abort", this.abandon);
  }

  private readonly abandon = (): void => this.controller.abort(this.wanted?.reason);

  private look(): void {
    const before = this.numPieces;
    this.later(STALL_SECONDS, () => {
      if (this.isOver) return;
      if (this.numPieces > before) return this.look();
      this.controller.abort(new StalledError(`nothing of ${this.url} has come for ${STALL_SECONDS} s`));
    });
  }
}
