/** What the command line says: which folder holds the model, and the shape of one picture. */
import { parseArgs } from "node:util";
import type { InputShape } from "../predict/shared/messages.ts";

export const USAGE =
  "node run_graph_model.mjs --model <folder> --height H --width W --channels C [--backend wasm|cpu] [--wasm <file>] < float32 > float32";

export interface RunnerArguments {
  readonly model: string;
  readonly input: InputShape;
  /** Undefined: WebAssembly, or else plain JavaScript. */
  readonly backend: "wasm" | "cpu" | undefined;
  /** Path of a binary to use instead of the bundled one; undefined: the bundled one. */
  readonly wasm: string | undefined;
}

/**
 * Read the command line.
 *
 * @throws Error naming the flag that is missing or wrong.
 */
export function parseArguments(argv: string[]): RunnerArguments {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: argv,
    options: { model: text, height: text, width: text, channels: text, backend: text, wasm: text },
  });
  if (values.model === undefined) throw new Error(`--model is missing\nusage: ${USAGE}`);
  return {
    model: values.model,
    input: {
      height: positiveInteger("height", values.height),
      width: positiveInteger("width", values.width),
      channels: positiveInteger("channels", values.channels),
    },
    backend: backendName(values.backend),
    wasm: values.wasm,
  };
}

function positiveInteger(name: string, value: string | undefined): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number above 0, not ${value ?? "missing"}\nusage: ${USAGE}`);
}

function backendName(value: string | undefined): "wasm" | "cpu" | undefined {
  if (value === undefined || value === "wasm" || value === "cpu") return value;
  throw new Error(`--backend must be wasm or cpu, not ${value}\nusage: ${USAGE}`);
}
