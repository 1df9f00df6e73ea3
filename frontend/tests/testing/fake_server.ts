/** A server that keeps the contract for doodles: idempotent by id, 409 on other content, 404 for an unknown one. */
import type { Doodle } from "../../src/server/doodles.ts";
import { type JsonAnswer, type JsonRequest, RefusedError, UnreachableError } from "../../src/server/http.ts";

export class FakeServer {
  readonly doodles = new Map<string, Doodle>();
  readonly labels: [string, string][] = [];
  /** Every request that came, as "POST /path". */
  readonly requests: string[] = [];
  /** What the next requests get instead of an answer; undefined: they are answered. */
  trouble: Error | undefined;
  /** Lets a test act between a request's arrival and its answer. */
  beforeAnswer: () => Promise<void> = async () => {};

  readonly request = async (
    path: string,
    { method = "GET", body }: JsonRequest = {},
  ): Promise<JsonAnswer> => {
    this.requests.push(`${method} ${path}`);
    await this.beforeAnswer();
    if (this.trouble) throw this.trouble;
    const [status, id] = this.handle(path, method, body);
    return { status, headers: new Headers(), body: { id } };
  };

  goOffline(): void {
    this.trouble = new UnreachableError("no network");
  }

  refuse(status: number, reason = "refused", retryAfterSeconds?: number): void {
    this.trouble = new RefusedError(status, reason, retryAfterSeconds);
  }

  recover(): void {
    this.trouble = undefined;
  }

  private handle(path: string, method: string, body: unknown): [number, string] {
    if (method === "POST" && path === "/api/v1/doodles")
      return [this.store(body as Doodle), (body as Doodle).id];
    const id = /^\/api\/v1\/doodles\/(.+)\/label$/.exec(path)?.[1];
    if (method === "PUT" && id !== undefined)
      return [this.relabel(id, (body as { label: string }).label), id];
    throw new RefusedError(404, "no such page", undefined);
  }

  private store(doodle: Doodle): number {
    const known = this.doodles.get(doodle.id);
    if (known && JSON.stringify(known) !== JSON.stringify(doodle)) {
      throw new RefusedError(409, "another doodle has this id", undefined);
    }
    this.doodles.set(doodle.id, doodle);
    return known ? 200 : 201;
  }

  private relabel(id: string, label: string): number {
    if (!this.doodles.has(id)) {
      throw new RefusedError(404, "no such doodle", undefined, [{ field: "id", detail: "no such doodle" }]);
    }
    this.labels.push([id, label]);
    return 200;
  }
}
