/** Manifests as the server gives them, and networks that need no worker. */

import type { Network } from "../../src/predict/network.ts";
import { sha256 } from "../../src/predict/sha256.ts";

export const MODEL_JSON = '{"the graph": "of this version"}';

/** Logits every honest fake network answers to the self-check's sample. */
export const SAMPLE_LOGITS = [2, -1];

export async function describeFile(
  role: string,
  path: string,
  content: string,
): Promise<Record<string, unknown>> {
  const bytes = new TextEncoder().encode(content);
  return { role, path, size_bytes: bytes.length, sha256: await sha256(bytes) };
}

/** A right manifest of a version that tells cats from dogs in 1 x 2 pixels. */
export async function makeManifest(version: string, weights: string): Promise<Record<string, unknown>> {
  return {
    format_version: 1,
    version,
    label_set: "two",
    labels: [
      { name: "cat", prompt: "a cat", emoji: "🐱" },
      { name: "dog", prompt: "a dog", emoji: "🐶" },
    ],
    input: { height: 1, width: 2, channels: 1, preprocessing: 1 },
    files: [
      await describeFile("tfjs_model", "model.json", MODEL_JSON),
      await describeFile("tfjs_weights", "weights.bin", weights),
    ],
    rejection: { score: "energy", threshold: -1 },
    self_check: { bitmap: btoa("\u0000\u00ff"), logits: SAMPLE_LOGITS, tolerance: 1e-4 },
  };
}

/** Remembers whether it was freed. */
export class FakeNetwork implements Network {
  readonly backend = "wasm";
  forgotten = false;
  private readonly logits: readonly number[];

  constructor(logits: readonly number[] = SAMPLE_LOGITS) {
    this.logits = logits;
  }

  async ask(_bitmap: Uint8Array, signal: AbortSignal): Promise<Float32Array> {
    signal.throwIfAborted();
    return Float32Array.from(this.logits);
  }

  forget(): void {
    this.forgotten = true;
  }
}
