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
  [new Date(Date.now() + 60_000).toUTCString(), 60],
  ["soon", undefined],
])("Retry-After: %s is read", async (value, seconds) => {
  answer(429, {}, { "Retry-After": value });

  const refusal = (await requestJson("/x").catch((error: unknown) => error)) as RefusedError;

  if (seconds === undefined) expect(refusal.retryAfterSeconds).toBeUndefined();
  else expect(Math.abs((refusal.retryAfterSeconds ?? 0) - seconds)).toBeLessThan(2);
});

test("no answer is unreachable", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });

  await expect(requestJson("/x")).rejects.toBeInstanceOf(UnreachableError);
});
