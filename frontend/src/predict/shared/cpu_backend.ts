/** The plain JavaScript backend: ten times slower than WebAssembly, and there when WebAssembly is not. */
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu/dist/backend_cpu";
import { enableProdMode, ready, registerBackend, registerKernel, setBackend } from "@tensorflow/tfjs-core";
import { CPU_KERNELS } from "./kernels_cpu.ts";

/** Make "cpu" the backend that runs graphs. */
export async function useCpuBackend(): Promise<void> {
  enableProdMode(); // no hints on the console, no check of every tensor for NaN
  for (const kernel of CPU_KERNELS) registerKernel(kernel);
  registerBackend("cpu", () => new MathBackendCPU());
  if (!(await setBackend("cpu"))) throw new Error("the cpu backend did not start");
  await ready();
}
