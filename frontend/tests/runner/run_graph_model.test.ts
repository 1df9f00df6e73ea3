import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { expectedLogits, MODEL, makeWeights } from "./tiny_graph.ts";

const SHAPE = ["--height", "1", "--width", "2", "--channels", "1"];

let folder: string;
let runner: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "doodle-runner-"));
  runner = join(folder, "run_graph_model.mjs");
  execFileSync(process.execPath, [
    fileURLToPath(new URL("../../scripts/build_runner.mjs", import.meta.url)),
    runner,
  ]);
});

afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  writeFileSync(join(folder, "model.json"), JSON.stringify(MODEL));
  writeFileSync(join(folder, "weights.bin"), makeWeights());
});

function run(pixels: readonly number[], ...more: string[]) {
  const input = new Uint8Array(Float32Array.from(pixels).buffer);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [runner, "--model", folder, ...SHAPE, ...more],
    { input },
  );
  const logits = stdout.length % 4 === 0 ? Array.from(new Float32Array(new Uint8Array(stdout).buffer)) : [];
  return { status, logits, stderr: stderr.toString() };
}

describe.each(["wasm", "cpu"])("on the %s backend", (backend) => {
  test("a graph gives what it must, and says where it ran", () => {
    const { status, logits, stderr } = run([1, 2, 3, 4], "--backend", backend);

    expect(stderr).toBe(`backend: ${backend}\n`);
    expect(status).toBe(0);
    expect(logits).toEqual([...expectedLogits(1, 2), ...expectedLogits(3, 4)]);
  });
});

test("more pictures than fit into one batch come back in order", () => {
  const pixels = Array.from({ length: 2 * 600 }, (_, index) => index);

  const { logits } = run(pixels);

  expect(logits).toHaveLength(3 * 600);
  expect(logits.slice(-3)).toEqual(expectedLogits(1198, 1199));
});

describe("a broken model ends it with a reason", () => {
  test("weights that are too short", () => {
    writeFileSync(join(folder, "weights.bin"), makeWeights().subarray(4));

    expect(run([1, 2])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("weights.bin has 40 bytes, model.json describes 44"),
    });
  });

  test("an operation that no kernel of ours serves", () => {
    writeFileSync(join(folder, "model.json"), JSON.stringify(MODEL).replace("MatMul", "FFT"));

    expect(run([1, 2])).toMatchObject({ status: 1, stderr: expect.stringContaining("the graph uses FFT") });
  });

  test("a model.json that is no graph model", () => {
    writeFileSync(join(folder, "model.json"), "{}");

    expect(run([1, 2])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("not a TensorFlow.js graph model"),
    });
  });

  test("no model at all", () => {
    rmSync(join(folder, "model.json"));

    expect(run([1, 2])).toMatchObject({ status: 1, stderr: expect.stringContaining("ENOENT") });
  });
});

test("input that is no whole number of pictures is refused", () => {
  expect(run([1, 2, 3])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("no whole number of 1 x 2 x 1 pictures"),
  });
});

test("the bundle is one file and asks for nothing beside it", () => {
  expect(readFileSync(runner, "utf8")).not.toMatch(/from\s*"(?!node:)[^"]+"/);
});
