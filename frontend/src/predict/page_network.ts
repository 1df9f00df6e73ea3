/** Runs networks on the page's own thread, in plain JavaScript: slower, and there where no worker runs. Loaded only then. */
import type { LoadNetwork, Network } from "./network.ts";
import { useCpuBackend } from "./shared/cpu_backend.ts";
import { GraphNetwork } from "./shared/graph_network.ts";
import { toPicture } from "./shared/picture.ts";

let backend: Promise<void> | undefined;

/** Load a network. @throws Error when what it is made of is wrong. */
export const loadOnPage: LoadNetwork = async (modelJson, weights, input) => {
  backend ??= useCpuBackend();
  await backend;
  return new PageNetwork(GraphNetwork.load(modelJson, weights, input));
};

/** Owns the network's tensors until `forget`. */
class PageNetwork implements Network {
  readonly backend = "cpu";
  private readonly graph: GraphNetwork;

  constructor(graph: GraphNetwork) {
    this.graph = graph;
  }

  async ask(bitmap: Uint8Array, signal: AbortSignal): Promise<Float32Array> {
    signal.throwIfAborted();
    return this.graph.run(toPicture(bitmap));
  }

  forget(): void {
    this.graph.dispose();
  }
}
