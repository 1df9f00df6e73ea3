import { expect, test } from "vitest";
import type { JsonRequest } from "../../src/server/http.ts";
import { LiveModelClient } from "../../src/server/live_model.ts";

const BODY = {
  deployment: 12,
  version: "aaaaaaaaaaaa",
  base_url: "/models/aaaaaaaaaaaa/",
  manifest: { any: "thing" },
};

function open() {
  const sent: (string | undefined)[] = [];
  const client = new LiveModelClient(async (_path, { headers }: JsonRequest = {}) => {
    const known = headers?.["If-None-Match"];
    sent.push(known);
    const news = known !== '"12"';
    return {
      status: news ? 200 : 304,
      headers: new Headers({ ETag: '"12"' }),
      body: news ? BODY : undefined,
    };
  });
  return { client, sent };
}

test("the first answer tells everything, the same again tells nothing", async () => {
  const { client, sent } = open();

  const first = await client.findNews();
  const second = await client.findNews();

  expect(first).toEqual({
    deployment: 12,
    version: "aaaaaaaaaaaa",
    baseUrl: "/models/aaaaaaaaaaaa/",
    manifest: { any: "thing" },
  });
  expect(second).toBeUndefined();
  expect(sent).toEqual([undefined, '"12"']);
});

test("what could not be used is told again", async () => {
  const { client } = open();
  await client.findNews();

  client.forget();

  expect(await client.findNews()).toMatchObject({ version: "aaaaaaaaaaaa" });
});

test("what is tried beside the live model is told only where there is something", async () => {
  const beside = { version: "bbbbbbbbbbbb", base_url: "/models/bbbbbbbbbbbb/" };
  const ask = async (shadow: unknown) => {
    const body = { ...BODY, shadow };
    return new LiveModelClient(async () => ({ status: 200, headers: new Headers(), body })).findNews();
  };

  expect(await ask(null)).not.toHaveProperty("shadow");
  expect((await ask(beside))?.shadow).toEqual({ version: "bbbbbbbbbbbb", baseUrl: "/models/bbbbbbbbbbbb/" });
});
