import { beforeEach, expect, test } from "vitest";
import { Prompts } from "../../src/view/draw/prompts.ts";

const cat = { name: "cat", prompt: "a cat", emoji: "🐱" };
const dog = { name: "dog", prompt: "a dog", emoji: "🐶" };
const mouse = { name: "mouse", prompt: "a mouse", emoji: "🐭" };
const whale = { name: "whale", prompt: "a whale", emoji: "🐳" };

let prompts: Prompts;

beforeEach(() => {
  prompts = new Prompts(() => 0);
  prompts.know([cat, dog]);
});

test("the model's labels are asked for until the server's list is there", () => {
  expect(prompts.next([])).toBe(cat);

  expect(prompts.offer([dog, mouse])).toEqual([]);

  expect(prompts.labels).toEqual([dog, mouse]);
  expect(prompts.next(["dog"])).toBe(mouse);
});

test("a label the model does not know is asked for, and known not to be guessed", () => {
  prompts.offer([cat, dog, mouse]);

  expect(["cat", "mouse"].map((name) => prompts.includes(name))).toEqual([true, true]);
  expect(["cat", "mouse"].map((name) => prompts.canBeGuessed(name))).toEqual([true, false]);
});

test("labels that come while the page is open are asked for next, each once", () => {
  prompts.offer([cat, dog]);

  expect(prompts.offer([cat, dog, mouse, whale])).toEqual([mouse, whale]);

  expect([prompts.next(["cat"]), prompts.next(["mouse"]), prompts.next(["whale"])]).toEqual([
    mouse,
    whale,
    cat,
  ]);
});

test("a label that was withdrawn is asked for no more", () => {
  prompts.offer([cat, dog]);
  prompts.offer([cat, dog, mouse]);

  expect(prompts.offer([cat, dog])).toEqual([]);

  expect(prompts.next(["dog"])).toBe(cat);
  expect(prompts.includes("mouse")).toBe(false);
});

test("a rollback to a model of fewer labels leaves what is asked for", () => {
  prompts.offer([cat, dog, mouse]);
  prompts.know([cat, dog, mouse]);

  prompts.know([cat, dog]);

  expect(prompts.labels).toEqual([cat, dog, mouse]);
  expect(prompts.canBeGuessed("mouse")).toBe(false);
});

test("there is nothing to ask for before anything is known", () => {
  expect(new Prompts(() => 0).next([])).toBeUndefined();
});

test("what was asked for comes again only when there is not enough else", () => {
  prompts.offer([cat, dog, mouse, whale]);

  expect(prompts.next(["cat", "dog"])).toBe(mouse);
  expect(prompts.next(["cat", "dog", "mouse"])).toBe(cat);
  expect(prompts.next(["dog", "mouse", "cat"])).toBe(dog);
});

test("the only label there is is asked for again", () => {
  prompts.offer([cat]);

  expect(prompts.next(["cat"])).toBe(cat);
});
