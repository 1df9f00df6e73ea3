/**
 * The kernels our graphs may need on the WebAssembly backend, listed by hand so that the bundle holds no others.
 *
 * kernels_cpu.ts lists the same ones for the other backend (tests compare them); graph_operations.ts lists the
 * operations of a graph that lead to them. A network that needs another one is refused by name when it is loaded.
 */

import { _fusedMatMulConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/_FusedMatMul";
import { addConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Add";
import { avgPoolConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/AvgPool";
import { batchMatMulConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/BatchMatMul";
import { castConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Cast";
import { concatConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Concat";
import { conv2DConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Conv2D";
import { depthwiseConv2dNativeConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/DepthwiseConv2dNative";
import { eluConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Elu";
import { erfConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Erf";
import { expConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Exp";
import { expandDimsConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/ExpandDims";
import { fillConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Fill";
import { fusedBatchNormConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/FusedBatchNorm";
import { fusedConv2DConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/FusedConv2D";
import { fusedDepthwiseConv2DConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/FusedDepthwiseConv2D";
import { gatherV2Config } from "@tensorflow/tfjs-backend-wasm/dist/kernels/GatherV2";
import { identityConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Identity";
import { leakyReluConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/LeakyRelu";
import { logConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Log";
import { maxConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Max";
import { maximumConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Maximum";
import { maxPoolConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/MaxPool";
import { meanConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Mean";
import { minConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Min";
import { minimumConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Minimum";
import { multiplyConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Multiply";
import { negConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Neg";
import { packConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Pack";
import { padV2Config } from "@tensorflow/tfjs-backend-wasm/dist/kernels/PadV2";
import { powConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Pow";
import { preluConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Prelu";
import { prodConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Prod";
import { realDivConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/RealDiv";
import { reluConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Relu";
import { relu6Config } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Relu6";
import { reshapeConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape";
import { rsqrtConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Rsqrt";
import { sigmoidConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Sigmoid";
import { sliceConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Slice";
import { softmaxConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Softmax";
import { softplusConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Softplus";
import { sqrtConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Sqrt";
import { squareConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Square";
import { squaredDifferenceConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/SquaredDifference";
import { stridedSliceConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/StridedSlice";
import { subConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Sub";
import { sumConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Sum";
import { tanhConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Tanh";
import { transposeConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Transpose";
import { unpackConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/Unpack";
import { zerosLikeConfig } from "@tensorflow/tfjs-backend-wasm/dist/kernels/ZerosLike";
import type { KernelConfig } from "@tensorflow/tfjs-core";

export const WASM_KERNELS: readonly KernelConfig[] = [
  addConfig,
  avgPoolConfig,
  batchMatMulConfig,
  castConfig,
  concatConfig,
  conv2DConfig,
  depthwiseConv2dNativeConfig,
  eluConfig,
  erfConfig,
  expConfig,
  expandDimsConfig,
  fillConfig,
  fusedBatchNormConfig,
  fusedConv2DConfig,
  fusedDepthwiseConv2DConfig,
  gatherV2Config,
  identityConfig,
  leakyReluConfig,
  logConfig,
  maxConfig,
  maxPoolConfig,
  maximumConfig,
  meanConfig,
  minConfig,
  minimumConfig,
  multiplyConfig,
  negConfig,
  packConfig,
  padV2Config,
  powConfig,
  preluConfig,
  prodConfig,
  realDivConfig,
  reluConfig,
  relu6Config,
  reshapeConfig,
  rsqrtConfig,
  sigmoidConfig,
  sliceConfig,
  softmaxConfig,
  softplusConfig,
  sqrtConfig,
  squareConfig,
  squaredDifferenceConfig,
  stridedSliceConfig,
  subConfig,
  sumConfig,
  tanhConfig,
  transposeConfig,
  unpackConfig,
  zerosLikeConfig,
  _fusedMatMulConfig,
];
