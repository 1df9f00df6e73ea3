/**
 * The kernels our graphs may need on the plain JavaScript (cpu) backend, listed by hand so that the bundle holds no others.
 *
 * kernels_wasm.ts lists the same ones for the other backend (tests compare them); graph_operations.ts lists the
 * operations of a graph that lead to them. A network that needs another one is refused by name when it is loaded.
 */

import { _fusedMatMulConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/_FusedMatMul";
import { addConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Add";
import { avgPoolConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/AvgPool";
import { batchMatMulConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/BatchMatMul";
import { batchNormConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/BatchNorm";
import { castConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Cast";
import { concatConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Concat";
import { conv2DConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Conv2D";
import { depthwiseConv2dNativeConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/DepthwiseConv2dNative";
import { eluConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Elu";
import { erfConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Erf";
import { expConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Exp";
import { expandDimsConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/ExpandDims";
import { fillConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Fill";
import { fusedConv2DConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/FusedConv2D";
import { fusedDepthwiseConv2DConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/FusedDepthwiseConv2D";
import { gatherV2Config } from "@tensorflow/tfjs-backend-cpu/dist/kernels/GatherV2";
import { identityConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Identity";
import { leakyReluConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/LeakyRelu";
import { logConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Log";
import { maxConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Max";
import { maximumConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Maximum";
import { maxPoolConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/MaxPool";
import { meanConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Mean";
import { minConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Min";
import { minimumConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Minimum";
import { multiplyConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Multiply";
import { negConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Neg";
import { packConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Pack";
import { padV2Config } from "@tensorflow/tfjs-backend-cpu/dist/kernels/PadV2";
import { powConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Pow";
import { preluConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Prelu";
import { prodConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Prod";
import { realDivConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/RealDiv";
import { reluConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Relu";
import { relu6Config } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Relu6";
import { reshapeConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Reshape";
import { rsqrtConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Rsqrt";
import { sigmoidConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Sigmoid";
import { sliceConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Slice";
import { softmaxConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Softmax";
import { softplusConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Softplus";
import { sqrtConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Sqrt";
import { squareConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Square";
import { squaredDifferenceConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/SquaredDifference";
import { stridedSliceConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/StridedSlice";
import { subConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Sub";
import { sumConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Sum";
import { tanhConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Tanh";
import { transposeConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Transpose";
import { unpackConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/Unpack";
import { zerosLikeConfig } from "@tensorflow/tfjs-backend-cpu/dist/kernels/ZerosLike";
import type { KernelConfig } from "@tensorflow/tfjs-core";

export const CPU_KERNELS: readonly KernelConfig[] = [
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
  batchNormConfig,
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
