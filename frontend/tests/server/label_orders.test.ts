import { expect, test } from "vitest";
import { type JsonAnswer, type JsonRequest, RefusedError } from "../../src/server/http.ts";
import { LabelOrders } from "../../src/server/label_orders.ts";

const MOUSE = { name: "alarm clock", prompt: "an alarm clock", emoji: "\u23f0" };

/** A server of labels; what is live can be taken away. */
class LabelServer {
  readonly requests: [string, string, unknown][] = [];
  readonly answers: Record<string, unknown> = {
    "/api/v1/labels": { labels: [{ ...MOUSE, added_at: null }] },
    "/api/v1/stats": { labels: { "alarm clock": 7 } },
    "/api/v1/models/live": { manifest: { labels: [{ name: "cat" }] } },
  };
  trouble = 503;

  readonly request = async (
    path: string,
    { method = "GET", body }: JsonRequest = {},
  ): Promise<JsonAnswer> => {
    this.requests.push([method, path, body]);
    if (method === "GET" && !(path in this.answers)) throw new RefusedError(this.trouble, "no", undefined);
    return { status: 200, headers: new Headers(), body: this.answers[path] };
  };
}

test("labels come with what was drawn of them and what the live version knows", async () => {
  const book = await new LabelOrders(new LabelServer().request).read();

  expect(book.labels.map(({ name }) => name)).toEqual(["alarm clock"]);
  expect(book.numDrawings["alarm clock"]).toBe(7);
  expect([...book.known]).toEqual(["cat"]);
});

test("while nothing is live, nothing is known; any other trouble is one", async () => {
  const server = new LabelServer();
  delete server.answers["/api/v1/models/live"];

  expect((await new LabelOrders(server.request).read()).known.size).toBe(0);
  server.trouble = 500;
  await expect(new LabelOrders(server.request).read()).rejects.toThrow(RefusedError);
});

test("a name with a space stands in the address", async () => {
  const server = new LabelServer();
  const orders = new LabelOrders(server.request);

  await orders.add(MOUSE);
  await orders.withdraw(MOUSE.name);

  expect(server.requests).toEqual([
    ["POST", "/api/v1/labels", MOUSE],
    ["DELETE", "/api/v1/labels/alarm%20clock", undefined],
  ]);
});
