/**
 * Runs an exported model exactly as the browser does, before anything is published: same kernels, same loading code.
 *
 * Reads float32 little-endian pictures (count * height * width * channels) from stdin, writes float32 little-endian
 * logits (count * labels) to stdout, and says on stderr which backend ran. A model that cannot be loaded or run ends
 * it with exit code 1 and one line of reason.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import wasmBinary from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import { useCpuBackend } from "../predict/shared/cpu_backend.ts";
import { GraphNetwork } from "../predict/shared/graph_network.ts";
import type { InputShape } from "../predict/shared/messages.ts";
import { useWasmBackend } from "../predict/shared/wasm_backend.ts";
import { parseArguments, type RunnerArguments } from "./arguments.ts";

/** Pictures run at once: enough to keep the kernels busy, little enough for any machine's memory. */
const BATCH_SIZE = 256;

const BYTES_PER_FLOAT = 4;

async function main(): Promise<void> {
  const options = parseArguments(process.argv.slice(2));
  console.error(`backend: ${await startBackend(options)}`);
  const network = loadNetwork(options.model, options.input);
  const logits = runInBatches(network, toFloats(await buffer(process.stdin)), options.input);
  network.dispose();
  process.stdout.write(new Uint8Array(logits.buffer, logits.byteOffset, logits.byteLength));
}

async function startBackend({ backend: wanted, wasm }: RunnerArguments): Promise<"wasm" | "cpu"> {
  try {
    if (wanted !== "cpu") {
      await useWasmBackend(wasm === undefined ? wasmBinary : readFileSync(wasm));
      return "wasm";
    }
  } catch (error) {
    if (wanted === "wasm") throw error;
    console.error(`WebAssembly did not start: ${error}`);
  }
  await useCpuBackend();
  return "cpu";
}

function loadNetwork(folder: string, input: InputShape): GraphNetwork {
  const weights = readFileSync(join(folder, "weights.bin"));
  const modelJson = readFileSync(join(folder, "model.json"), "utf8");
  // A small file comes in a shared pool's buffer: cut out its own bytes.
  const bytes = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength);
  return GraphNetwork.load(modelJson, bytes as ArrayBuffer, input);
}

/** View the bytes as float32; copied, because a view must start at a multiple of four bytes. */
function toFloats(bytes: Buffer): Float32Array {
  if (bytes.byteLength === 0 || bytes.byteLength % BYTES_PER_FLOAT !== 0) {
    throw new Error(
      `stdin has ${bytes.byteLength} bytes, which is no whole number of float32 values above 0`,
    );
  }
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function runInBatches(network: GraphNetwork, pictures: Float32Array, input: InputShape): Float32Array {
  const step = BATCH_SIZE * input.height * input.width * input.channels;
  const parts: Float32Array[] = [];
  for (let start = 0; start < pictures.length; start += step) {
    parts.push(network.run(pictures.subarray(start, start + step)));
  }
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

main().catch((error: unknown) => {
  console.error(`run_graph_model: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
