import { beforeEach, expect, test } from "vitest";
import { type JsonAnswer, type JsonRequest, UnreachableError } from "../../src/server/http.ts";
import { type DrawnLabel, LabelsClient } from "../../src/server/labels.ts";
import { Offering } from "../../src/view/draw/offering.ts";
import { FakeClock } from "../testing/fake_clock.ts";

const cat = { name: "cat", prompt: "a cat", emoji: "🐱" };
const mouse = { name: "mouse", prompt: "a mouse", emoji: "🐭" };

let clock: FakeClock;
let notices: string[];
let offered: (readonly string[])[];
let asked: (string | undefined)[];
/** What the server has, or the error it answers with. */
let served: readonly DrawnLabel[] | unknown | Error;
let offering: Offering;

const fingerprint = () => `${(served as readonly DrawnLabel[]).length}`;

async function answer(_path: string, request?: JsonRequest): Promise<JsonAnswer> {
  if (served instanceof Error) throw served;
  const known = request?.headers?.["If-None-Match"];
  asked.push(known);
  // As nginx makes it when it compresses.
  const etag = `W/"${fingerprint()}"`;
  const headers = new Headers({ ETag: etag });
  return known === etag
    ? { status: 304, headers, body: undefined }
    : { status: 200, headers, body: { labels: served } };
}

beforeEach(() => {
  clock = new FakeClock();
  [notices, offered, asked] = [[], [], []];
  served = [cat];
  const page = {
    offer(labels: readonly DrawnLabel[]) {
      offered.push(labels.map(({ name }) => name));
      return offered.length === 1 ? [] : labels.slice(1);
    },
  };
  const notify = (words: string) => notices.push(words);
  const client = new LabelsClient(answer);
  offering = new Offering({ client, page, notify, later: clock.later, chance: () => 0.5 });
});

test("an added label is offered, and said once", async () => {
  await offering.refresh();
  served = [cat, mouse];

  offering.hear({ fingerprint: fingerprint() });

  await expect.poll(() => offered).toEqual([["cat"], ["cat", "mouse"]]);
  expect(notices).toEqual(["There is something new to draw: a mouse 🐭"]);
});

test("labels that are known are not asked for again, and polling them costs no body", async () => {
  await offering.refresh();

  offering.hear({ fingerprint: fingerprint() });
  await offering.refresh();

  expect(asked).toEqual([undefined, 'W/"1"']);
  expect(offered).toEqual([["cat"]]);
});

test.each([
  ["nobody answers", new UnreachableError("no network")],
  ["the answer is no list", "nonsense"],
  ["a label lacks its words", [{ name: "cat" }]],
])("while %s nothing is said, and it is tried again", async (_case, trouble) => {
  served = trouble;

  await offering.refresh();
  expect([offered, notices]).toEqual([[], []]);
  served = [cat];
  clock.pass(2);

  await expect.poll(() => offered).toEqual([["cat"]]);
});
