/** One exported graph, ready to run on whichever backend is in use. */
import "@tensorflow/tfjs-converter/dist/flags";
import { type GraphModel, loadGraphModelSync } from "@tensorflow/tfjs-converter/dist/executor/graph_model";
import { type io, type Tensor, tensor4d } from "@tensorflow/tfjs-core";
import { SUPPORTED_GRAPH_OPERATIONS } from "./graph_operations.ts";
import type { InputShape } from "./messages.ts";

/**
 * A network loaded from model.json and weights.bin.
 *
 * Owns the weight tensors until `dispose`; after that it must not be asked. `run` leaves no tensor behind.
 */
export class GraphNetwork {
  private readonly model: GraphModel<io.IOHandlerSync>;
  private readonly input: InputShape;

  private constructor(model: GraphModel<io.IOHandlerSync>, input: InputShape) {
    this.model = model;
    this.input = input;
  }

  /**
   * Load a network.
   *
   * @param modelJson text of model.json, in TensorFlow.js's graph format.
   * @param weights all bytes of weights.bin.
   * @param input height, width and channels of one picture.
   * @throws Error naming the operations that no kernel of ours serves, or the bytes that are missing.
   */
  static load(modelJson: string, weights: ArrayBuffer, input: InputShape): GraphNetwork {
    const graph = parseGraph(modelJson);
    checkOperations(graph);
    checkWeightBytes(graph, weights);
    return new GraphNetwork(loadGraphModelSync([graph, weights]), input);
  }

  /**
   * Run the network.
   *
   * @param pictures float32, shape (count, height, width, channels) flattened; 0 is paper, 1 is full ink.
   * @returns logits, float32, shape (count, labels) flattened.
   */
  run(pictures: Float32Array): Float32Array {
    const { height, width, channels } = this.input;
    const count = pictures.length / (height * width * channels);
    if (!Number.isInteger(count) || count === 0) {
      throw new Error(
        `${pictures.length} values are no whole number of ${height} x ${width} x ${channels} pictures`,
      );
    }
    const batch = tensor4d(pictures, [count, height, width, channels]);
    const logits = this.model.predict(batch) as Tensor;
    try {
      return logits.dataSync<"float32">().slice();
    } finally {
      batch.dispose();
      logits.dispose();
    }
  }

  /** Free the weights. */
  dispose(): void {
    this.model.dispose();
  }
}

function parseGraph(modelJson: string): io.ModelJSON {
  const graph: unknown = JSON.parse(modelJson);
  if (!isGraphModel(graph)) {
    throw new Error(
      'model.json is not a TensorFlow.js graph model: "modelTopology" or "weightsManifest" is missing',
    );
  }
  return graph;
}

function isGraphModel(graph: unknown): graph is io.ModelJSON {
  return (
    typeof graph === "object" && graph !== null && "modelTopology" in graph && "weightsManifest" in graph
  );
}

function checkOperations(graph: io.ModelJSON): void {
  const { node: nodes = [] } = graph.modelTopology as { node?: { op: string }[] };
  const unknown = new Set(nodes.map((node) => node.op).filter((op) => !SUPPORTED_GRAPH_OPERATIONS.has(op)));
  if (unknown.size > 0) {
    throw new Error(
      `the graph uses ${[...unknown].sort().join(", ")}, for which no kernel is bundled: ` +
        "add it to graph_operations.ts, kernels_wasm.ts and kernels_cpu.ts, or build the network without it",
    );
  }
}

/** Bytes of one value as it lies in weights.bin; a quantised weight says its own type. */
const BYTES_PER_VALUE: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  float16: 2,
  uint16: 2,
  uint8: 1,
};

function checkWeightBytes(graph: io.ModelJSON, weights: ArrayBuffer): void {
  const specs = graph.weightsManifest.flatMap((group) => group.weights);
  const expected = specs.reduce((sum, spec) => sum + weightBytes(spec), 0);
  if (expected !== weights.byteLength) {
    throw new Error(`weights.bin has ${weights.byteLength} bytes, model.json describes ${expected}`);
  }
}

function weightBytes(spec: io.WeightsManifestEntry): number {
  const count = spec.shape.reduce((product, size) => product * size, 1);
  return count * (BYTES_PER_VALUE[spec.quantization?.dtype ?? spec.dtype] ?? Number.NaN);
}
