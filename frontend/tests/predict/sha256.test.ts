import { afterEach, expect, test, vi } from "vitest";
import { sha256 } from "../../src/predict/sha256.ts";

/** Source: FIPS 180-4, example of "abc". */
const HASH_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

const abc = new TextEncoder().encode("abc");

afterEach(() => vi.unstubAllGlobals());

test("the browser's own SHA-256 is used where there is one", async () => {
  expect(await sha256(abc)).toBe(HASH_OF_ABC);
});

test("a page that is not in a secure context computes the same by itself", async () => {
  vi.stubGlobal("crypto", {});

  expect(await sha256(abc)).toBe(HASH_OF_ABC);
});
