/** Which backend this browser gets: WebAssembly with SIMD, or else plain JavaScript, loaded only then. */
import wasmUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import type { BackendName } from "../shared/messages.ts";
import { useWasmBackend } from "../shared/wasm_backend.ts";

/** Start the best backend there is; it never fails because WebAssembly does. */
export async function startBackend(): Promise<BackendName> {
  try {
    await useWasmBackend(await fetchBytes(wasmUrl));
    return "wasm";
  } catch {
    // No WebAssembly, no SIMD, or its file did not arrive: the page says "cpu" in its footer, and guesses all the same.
    const { useCpuBackend } = await import("../shared/cpu_backend.ts");
    await useCpuBackend();
    return "cpu";
  }
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
