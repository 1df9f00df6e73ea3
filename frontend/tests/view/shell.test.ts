import { describe, expect, test } from "vitest";
import { findView } from "../../src/view/console/shell/find_view.ts";
import { VIEWS } from "../../src/view/console/views.ts";

describe("which view an address asks for", () => {
  test.each([
    ["", "desk"],
    ["#", "desk"],
    ["#desk", "desk"],
    ["#models", "models"],
    ["#models&compare=aaaaaaaaaaaa", "models"],
    ["#report=6f0c6f0c-0000-4000-8000-000000000000", "report"],
    ["#review&reason=unknown&label=fish", "review"],
    ["#modelsx", "desk"],
    ["#nothing", "desk"],
  ])("%s", (hash, name) => {
    expect(findView(VIEWS, hash).name).toBe(name);
  });

  test("names are what addresses can hold, each once", () => {
    const names = VIEWS.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+$/);
  });
});
