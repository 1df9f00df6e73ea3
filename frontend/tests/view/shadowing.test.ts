import { expect, test } from "vitest";
import type { NamedShadow, Shadow } from "../../src/predict/shadow.ts";
import { Shadowing } from "../../src/view/draw/shadowing.ts";

const TRIED = { version: "bbbbbbbbbbbb", baseUrl: "/models/bbbbbbbbbbbb/" };
const ANSWER = { version: TRIED.version, guess: "cat", confidence: 0.5 };

class FakeShadow {
  followed: (NamedShadow | undefined)[] = [];

  async follow(named: NamedShadow | undefined): Promise<void> {
    this.followed.push(named);
  }

  async answer(): Promise<typeof ANSWER> {
    return ANSWER;
  }
}

function open(made: () => Promise<FakeShadow>) {
  const makes: number[] = [];
  const shadowing = new Shadowing(() => {
    makes.push(1);
    return made() as unknown as Promise<Shadow>;
  });
  return { shadowing, makes };
}

test("without a shadow its code is not fetched, and nothing is answered", async () => {
  const { shadowing, makes } = open(async () => new FakeShadow());

  await shadowing.follow(undefined);

  expect(makes).toEqual([]);
  expect(await shadowing.answer(new Uint8Array(2))).toBeUndefined();
  expect(shadowing.isNamed).toBe(false);
});

test("its code is fetched once, and what was said last counts, however long that took", async () => {
  const fake = new FakeShadow();
  let arrive: () => void = () => {};
  const { shadowing, makes } = open(
    () =>
      new Promise((resolve) => {
        arrive = () => resolve(fake);
      }),
  );
  const begun = shadowing.follow(TRIED);
  await shadowing.follow(undefined);

  arrive();
  await begun;
  expect(fake.followed).toEqual([undefined]);
  await shadowing.follow(TRIED);

  expect([makes.length, fake.followed]).toEqual([1, [undefined, TRIED]]);
  expect(await shadowing.answer(new Uint8Array(2))).toEqual(ANSWER);
});

test("code that does not arrive is fetched again at the next word of a shadow", async () => {
  const fake = new FakeShadow();
  let isAway = true;
  const { shadowing } = open(async () => {
    if (isAway) throw new Error("no network");
    return fake;
  });

  await shadowing.follow(TRIED);
  isAway = false;
  await shadowing.follow(TRIED);

  expect(fake.followed).toEqual([TRIED]);
});
