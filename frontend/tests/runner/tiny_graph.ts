/** A graph written by hand: logits = flatten(picture) x weights + bias, for 1 x 2 pictures and 3 labels. */

const WEIGHTS = [1, 2, 3, 10, 20, 30];
const BIAS = [0.5, 0, -0.5];
/** Reshape's second input: all pixels of one picture in a row. */
const FLAT_SHAPE = [-1, 2];

export const MODEL = {
  format: "graph-model",
  modelTopology: {
    node: [
      {
        name: "x",
        op: "Placeholder",
        attr: {
          dtype: { type: "DT_FLOAT" },
          shape: { shape: { dim: [{ size: "-1" }, { size: "1" }, { size: "2" }, { size: "1" }] } },
        },
      },
      { name: "shape", op: "Const", attr: { dtype: { type: "DT_INT32" } } },
      { name: "weights", op: "Const", attr: { dtype: { type: "DT_FLOAT" } } },
      { name: "bias", op: "Const", attr: { dtype: { type: "DT_FLOAT" } } },
      { name: "flat", op: "Reshape", input: ["x", "shape"] },
      { name: "product", op: "MatMul", input: ["flat", "weights"] },
      { name: "logits", op: "BiasAdd", input: ["product", "bias"] },
    ],
    library: {},
    versions: {},
  },
  weightsManifest: [
    {
      paths: ["weights.bin"],
      weights: [
        { name: "shape", shape: [2], dtype: "int32" },
        { name: "weights", shape: [2, 3], dtype: "float32" },
        { name: "bias", shape: [3], dtype: "float32" },
      ],
    },
  ],
};

/** weights.bin: the manifest's weights one after the other, little-endian. */
export function makeWeights(): Uint8Array {
  const floats = Float32Array.of(...WEIGHTS, ...BIAS);
  return new Uint8Array([
    ...new Uint8Array(Int32Array.from(FLAT_SHAPE).buffer),
    ...new Uint8Array(floats.buffer),
  ]);
}

/** What the graph must answer to the pixels (a, b). */
export function expectedLogits(a: number, b: number): number[] {
  return [a + 10 * b + 0.5, 2 * a + 20 * b, 3 * a + 30 * b - 0.5];
}
