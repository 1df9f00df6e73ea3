import { expect, test } from "vitest";
import { type Doodle, postDoodle, putLabel } from "../../src/server/doodles.ts";
import { RefusedError, type RequestJson, UnreachableError } from "../../src/server/http.ts";

const DOODLE: Doodle = {
  id: "one",
  label: "cat",
  bitmap: "",
  strokes: [],
  guess: "cat",
  confidence: 0.9,
  model_version: "0123456789ab",
  known: true,
  shadow: { version: "ba9876543210", guess: "dog", confidence: 0.5 },
};

/** A service that refuses some fields, whatever stands in them. */
function refusing(...fields: string[]): { request: RequestJson; bodies: unknown[] } {
  const bodies: unknown[] = [];
  const request: RequestJson = async (_path, { body } = {}) => {
    bodies.push(body);
    const wrong = fields.filter((field) => field in (body as object));
    const errors = wrong.map((field) => ({ field, detail: "Extra inputs are not permitted" }));
    if (wrong.length > 0) throw new RefusedError(422, "Not as expected.", undefined, errors);
    return { status: 201, headers: new Headers(), body: { id: (body as Doodle).id } };
  };
  return { request, bodies };
}

test("a service of the release before gets a doodle without what it does not know", async () => {
  const { request, bodies } = refusing("known", "shadow");

  await postDoodle(request, DOODLE);

  const { known: _known, shadow: _shadow, ...plain } = DOODLE;
  expect(bodies).toEqual([DOODLE, plain]);
});

test("only what was refused is left out", async () => {
  const { request, bodies } = refusing("shadow");

  await postDoodle(request, DOODLE);

  expect(bodies[1]).toMatchObject({ known: true });
  expect(bodies[1]).not.toHaveProperty("shadow");
});

test("what is wrong with the drawing itself stays refused", async () => {
  const { request, bodies } = refusing("known", "label");

  await expect(postDoodle(request, DOODLE)).rejects.toThrow(RefusedError);
  expect(bodies).toHaveLength(1);
});

test.each([undefined, {}, { id: "another" }])(
  "an answer that is not our server's (%o) stores nothing",
  async (body) => {
    const request: RequestJson = async () => ({ status: 200, headers: new Headers(), body });

    await expect(postDoodle(request, DOODLE)).rejects.toBeInstanceOf(UnreachableError);
    await expect(putLabel(request, { id: "one", label: "dog" })).rejects.toBeInstanceOf(UnreachableError);
  },
);
