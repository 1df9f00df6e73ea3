import { afterEach, expect, test, vi } from "vitest";
import { RefusedError, requestJson, UnreachableError } from "../../src/server/http.ts";

function answer(status: number, body: unknown, headers: Record<string, string> = {}): void {
  const type = status < 400 ? "application/json" : "application/problem+json";
  const content = body === undefined ? null : JSON.stringify(body);
  vi.stubGlobal(
    "fetch",
    async () => new Response(content, { status, headers: { "Content-Type": type, ...headers } }),
  );
}

afterEach(() => vi.unstubAllGlobals());

test("an answer is its parsed body, 304 and 204 are without one", async () => {
  answer(200, { a: 1 });
  expect((await requestJson("/x")).body).toEqual({ a: 1 });

  answer(304, undefined);
  expect(await requestJson("/x")).toMatchObject({ status: 304, body: undefined });
});

test("a problem is refused with its detail and the fields it names", async () => {
  answer(422, {
    title: "Invalid",
    detail: "The doodle is not right.",
    errors: [{ field: "label", detail: "unknown" }],
  });

  const refusal = requestJson("/x").catch((error: unknown) => error);

  expect(await refusal).toBeInstanceOf(RefusedError);
  expect(await refusal).toMatchObject({ status: 422, message: "The doodle is not right. label: unknown" });
  expect(await refusal).toMatchObject({ fields: [{ field: "label", detail: "unknown" }] });
});

test.each([
  ["a problem of our server's", "application/problem+json", { detail: "no", errors: [] }, true],
  ["a problem of another service's", "application/problem+json", { detail: "no" }, false],
  ["JSON of another service's", "application/json", { message: "no", errors: { label: ["no"] } }, false],
  ["a page", "text/html", "<h1>Sign in</h1>", false],
  ["nothing", "application/problem+json", null, false],
])("%s is told from what our server says", async (_name, type, body, isOurs) => {
  answer(422, body, { "Content-Type": type });

  await expect(requestJson("/x")).rejects.toMatchObject({
    name: "RefusedError",
    status: 422,
    isOurs,
    fields: [],
  });
});

test("what a field says is not said twice", async () => {
  const detail = "There is no run of that key.";
  answer(404, { title: "Not Found", detail, errors: [{ field: "key", detail }] });

  await expect(requestJson("/x")).rejects.toThrow(/^There is no run of that key\.$/);
});

test("an error without a problem says its status", async () => {
  vi.stubGlobal(
    "fetch",
    async () => new Response("<html>", { status: 502, headers: { "Content-Type": "text/html" } }),
  );

  await expect(requestJson("/x")).rejects.toThrow("502");
});

test.each([
  ["30", 30],
  ["Sat, 01 Jan 2050 00:01:00 GMT", 60],
  ["Sat, 01 Jan 2050 00:00:00 GMT", 0],
  ["Fri, 31 Dec 2049 00:00:00 GMT", 0],
  ["Mon, 01 Jan 2052 00:00:00 GMT", 3600],
  ["999999999", 3600],
  ["soon", undefined],
])(
  "Retry-After: %s is read by the server's clock, and never for more than an hour",
  async (value, seconds) => {
    answer(429, {}, { "Retry-After": value, Date: "Sat, 01 Jan 2050 00:00:00 GMT" });

    const refusal = (await requestJson("/x").catch((error: unknown) => error)) as RefusedError;

    expect(refusal.retryAfterSeconds).toBe(seconds);
  },
);

test.each([
  [
    "lost in the middle",
    () => new Response(new ReadableStream({ pull: (on) => on.error(new TypeError("lost")) })),
  ],
  ["cut short", () => new Response('{"a": 1', { headers: { "Content-Type": "application/json" } })],
])("an answer that is %s is none", async (_name, respond) => {
  vi.stubGlobal("fetch", async () => respond());

  await expect(requestJson("/x")).rejects.toBeInstanceOf(UnreachableError);
});

test("no answer is unreachable", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });

  await expect(requestJson("/x")).rejects.toBeInstanceOf(UnreachableError);
});
