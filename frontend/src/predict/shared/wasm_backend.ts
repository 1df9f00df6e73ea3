/** The WebAssembly backend, given its binary by whoever can read it: the worker by fetch, the runner from its own file. */
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm/dist/backend_wasm";
import type { BackendWasmModule } from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm";
import wasmFactory from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js";
import { enableProdMode, ready, registerBackend, registerKernel, setBackend } from "@tensorflow/tfjs-core";
import { WASM_KERNELS } from "./kernels_wasm.ts";

/** tfjs asks the threaded build for its thread count; the plain one takes any number and uses one thread. */
const NUM_THREADS = 1;

/** What the Emscripten module offers besides the names tfjs's own types know. */
interface CompiledModule extends BackendWasmModule {
  cwrap(name: string, returns: "number" | null, takes: "number"[]): (...values: number[]) => number;
}

const compile = wasmFactory as unknown as (settings: {
  wasmBinary: Uint8Array;
  printErr: (message: string) => void;
}) => Promise<CompiledModule>;

/**
 * Make "wasm" the backend that runs graphs.
 *
 * tfjs's own start-up code fetches one of three binaries by name and carries a fourth script for threads; handing over
 * the bytes instead is the same in a worker and in Node, and leaves the threads out (FACTS: no gain at this size).
 *
 * @param binary bytes of tfjs-backend-wasm-simd.wasm; kept by the compiled module.
 * @throws Error when this machine's WebAssembly has no SIMD, or when compiling is forbidden by the page's policy.
 */
export async function useWasmBackend(binary: Uint8Array): Promise<void> {
  const module = withTensorFunctions(await compile({ wasmBinary: binary, printErr: () => {} }));
  enableProdMode(); // no hints on the console, no check of every tensor for NaN
  for (const kernel of WASM_KERNELS) registerKernel(kernel);
  registerBackend("wasm", () => new BackendWasm(module));
  if (!(await setBackend("wasm"))) throw new Error("the WebAssembly backend did not start");
  await ready();
}

/** Name the compiled functions as `BackendWasm` calls them (its `init` does this, after a fetch of its own). */
function withTensorFunctions(module: CompiledModule): BackendWasmModule {
  const numbers = (count: number) => Array<"number">(count).fill("number");
  module.tfjs = {
    init: module.cwrap("init", null, []),
    initWithThreadsCount: () => module.cwrap("init_with_threads_count", null, numbers(1))(NUM_THREADS),
    getThreadsCount: module.cwrap("get_threads_count", "number", []),
    registerTensor: module.cwrap("register_tensor", null, numbers(3)),
    disposeData: module.cwrap("dispose_data", null, numbers(1)),
    dispose: module.cwrap("dispose", null, []),
  };
  return module;
}
