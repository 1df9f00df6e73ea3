/** What page and worker say to each other: plain data, so that both sides (and neither's globals) can know it. */

/** Height and width in pixels, and channels, of one picture; from the manifest. */
export interface InputShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export type BackendName = "wasm" | "cpu";

/** The page numbers its questions; an answer carries its question's number. */
export type Question =
  /** Build a network and keep it under `network`. The weights' buffer is transferred. */
  | { kind: "load"; id: number; network: number; modelJson: string; weights: ArrayBuffer; input: InputShape }
  /** Run a network on one picture: uint8, row-major, 0 paper, 255 ink. */
  | { kind: "ask"; id: number; network: number; bitmap: Uint8Array }
  /** Free a network; nothing is answered. */
  | { kind: "forget"; network: number };

export type Answer =
  | { kind: "loaded"; id: number; backend: BackendName }
  | { kind: "logits"; id: number; logits: Float32Array }
  | { kind: "failed"; id: number; reason: string };
