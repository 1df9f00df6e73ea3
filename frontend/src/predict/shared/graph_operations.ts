/**
 * What the converter may call to run a graph (an alias for "@tensorflow/tfjs-core/dist/ops/ops_for_converter"): by default
 * all 200 operations of tfjs, here those of our kernels. `SUPPORTED_GRAPH_OPERATIONS` names the nodes of a graph they serve.
 */
export { add } from "@tensorflow/tfjs-core/dist/ops/add";
export { avgPool } from "@tensorflow/tfjs-core/dist/ops/avg_pool";
export { batchNorm } from "@tensorflow/tfjs-core/dist/ops/batchnorm";
export { cast } from "@tensorflow/tfjs-core/dist/ops/cast";
export { concat } from "@tensorflow/tfjs-core/dist/ops/concat";
export { conv2d } from "@tensorflow/tfjs-core/dist/ops/conv2d";
export { depthwiseConv2d } from "@tensorflow/tfjs-core/dist/ops/depthwise_conv2d";
export { div } from "@tensorflow/tfjs-core/dist/ops/div";
export { elu } from "@tensorflow/tfjs-core/dist/ops/elu";
export { erf } from "@tensorflow/tfjs-core/dist/ops/erf";
export { exp } from "@tensorflow/tfjs-core/dist/ops/exp";
export { expandDims } from "@tensorflow/tfjs-core/dist/ops/expand_dims";
export { fill } from "@tensorflow/tfjs-core/dist/ops/fill";
export * as fused from "@tensorflow/tfjs-core/dist/ops/fused_ops";
export { gather } from "@tensorflow/tfjs-core/dist/ops/gather";
export { leakyRelu } from "@tensorflow/tfjs-core/dist/ops/leaky_relu";
export { log } from "@tensorflow/tfjs-core/dist/ops/log";
export { matMul } from "@tensorflow/tfjs-core/dist/ops/mat_mul";
export { max } from "@tensorflow/tfjs-core/dist/ops/max";
export { maxPool } from "@tensorflow/tfjs-core/dist/ops/max_pool";
export { maximum } from "@tensorflow/tfjs-core/dist/ops/maximum";
export { mean } from "@tensorflow/tfjs-core/dist/ops/mean";
export { min } from "@tensorflow/tfjs-core/dist/ops/min";
export { minimum } from "@tensorflow/tfjs-core/dist/ops/minimum";
export { mul } from "@tensorflow/tfjs-core/dist/ops/mul";
export { neg } from "@tensorflow/tfjs-core/dist/ops/neg";
export { pad } from "@tensorflow/tfjs-core/dist/ops/pad";
export { pow } from "@tensorflow/tfjs-core/dist/ops/pow";
export { prelu } from "@tensorflow/tfjs-core/dist/ops/prelu";
export { prod } from "@tensorflow/tfjs-core/dist/ops/prod";
export { relu } from "@tensorflow/tfjs-core/dist/ops/relu";
export { relu6 } from "@tensorflow/tfjs-core/dist/ops/relu6";
export { reshape } from "@tensorflow/tfjs-core/dist/ops/reshape";
export { rsqrt } from "@tensorflow/tfjs-core/dist/ops/rsqrt";
export { scalar } from "@tensorflow/tfjs-core/dist/ops/scalar";
export { sigmoid } from "@tensorflow/tfjs-core/dist/ops/sigmoid";
export { slice } from "@tensorflow/tfjs-core/dist/ops/slice";
export { softmax } from "@tensorflow/tfjs-core/dist/ops/softmax";
export { softplus } from "@tensorflow/tfjs-core/dist/ops/softplus";
export { sqrt } from "@tensorflow/tfjs-core/dist/ops/sqrt";
export { square } from "@tensorflow/tfjs-core/dist/ops/square";
export { squaredDifference } from "@tensorflow/tfjs-core/dist/ops/squared_difference";
export { squeeze } from "@tensorflow/tfjs-core/dist/ops/squeeze";
export { stack } from "@tensorflow/tfjs-core/dist/ops/stack";
export { stridedSlice } from "@tensorflow/tfjs-core/dist/ops/strided_slice";
export { sub } from "@tensorflow/tfjs-core/dist/ops/sub";
export { sum } from "@tensorflow/tfjs-core/dist/ops/sum";
export { tanh } from "@tensorflow/tfjs-core/dist/ops/tanh";
export { tensor1d } from "@tensorflow/tfjs-core/dist/ops/tensor1d";
export { transpose } from "@tensorflow/tfjs-core/dist/ops/transpose";
export { unstack } from "@tensorflow/tfjs-core/dist/ops/unstack";

/** Names of TensorFlow graph nodes we can run; anything else is refused when a model is loaded, not when it is asked. */
export const SUPPORTED_GRAPH_OPERATIONS: ReadonlySet<string> = new Set([
  "Add",
  "AddV2",
  "AvgPool",
  "BatchMatMul",
  "BatchMatMulV2",
  "BiasAdd",
  "Cast",
  "ConcatV2",
  "Const",
  "Conv2D",
  "DepthwiseConv2dNative",
  "Elu",
  "Erf",
  "Exp",
  "ExpandDims",
  "Fill",
  "FusedBatchNorm",
  "FusedBatchNormV3",
  "FusedDepthwiseConv2dNative",
  "GatherV2",
  "Identity",
  "LeakyRelu",
  "Log",
  "MatMul",
  "Max",
  "MaxPool",
  "Maximum",
  "Mean",
  "Min",
  "Minimum",
  "Mul",
  "Neg",
  "NoOp",
  "Pack",
  "Pad",
  "PadV2",
  "Placeholder",
  "Pow",
  "Prelu",
  "Prod",
  "RealDiv",
  "Relu",
  "Relu6",
  "Reshape",
  "Rsqrt",
  "Shape",
  "Sigmoid",
  "Slice",
  "Softmax",
  "Softplus",
  "Sqrt",
  "Square",
  "SquaredDifference",
  "Squeeze",
  "StridedSlice",
  "Sub",
  "Sum",
  "Tanh",
  "Transpose",
  "Unpack",
  "_FusedConv2D",
  "_FusedMatMul",
]);
