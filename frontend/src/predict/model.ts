/** The model this page guesses with: swapped for the live one only when every file and the self-check are right. */
import { getFile, type Manifest, parseManifest } from "./manifest.ts";
import type { LoadNetwork, Network } from "./network.ts";
import { passesSelfCheck } from "./self_check.ts";
import { type Fetch, fetchVersionFile } from "./version_files.ts";

/** The network does not answer the manifest's sample as it must. */
export class SelfCheckError extends Error {
  override name = "SelfCheckError";
}

/** What the server says is live; the manifest is not yet checked. */
export interface LiveAnswer {
  readonly version: string;
  readonly baseUrl: string;
  readonly manifest: unknown;
}

/** A manifest with the network it describes. Who holds it frees it: `Model` after the swap. */
export interface LoadedModel {
  readonly manifest: Manifest;
  readonly network: Network;
}

export type SwapOutcome =
  | { readonly kind: "swapped"; readonly from: string | undefined; readonly to: string }
  | { readonly kind: "unchanged" }
  | { readonly kind: "kept"; readonly refused: string; readonly reason: unknown }
  | { readonly kind: "overtaken" };

/** A version on its way. */
interface Loading {
  readonly version: string;
  readonly controller: AbortController;
  readonly outcome: Promise<SwapOutcome>;
}

/**
 * Holds the model in use.
 *
 * One at a time: a newer `follow` overtakes the one that is still loading. The old model answers until the very swap,
 * and stays if the new one is not right.
 */
export class Model {
  private readonly fetch: Fetch;
  private readonly loadNetwork: LoadNetwork;
  private loaded: LoadedModel | undefined;
  private loading: Loading | undefined;

  constructor(fetch: Fetch, loadNetwork: LoadNetwork) {
    this.fetch = fetch;
    this.loadNetwork = loadNetwork;
  }

  /** The model in use; undefined before the first one has loaded. */
  get current(): LoadedModel | undefined {
    return this.loaded;
  }

  /** Load what is live, and use it if it is right. Never throws: whatever happened is the outcome. */
  async follow(live: LiveAnswer): Promise<SwapOutcome> {
    // Told twice, by the answer and by the stream: whoever was first says how it ends.
    if (live.version === this.loading?.version) return this.joinLoading(this.loading);
    this.loading?.controller.abort();
    this.loading = undefined;
    if (live.version === this.loaded?.manifest.version) return { kind: "unchanged" };
    const controller = new AbortController();
    const loading = { version: live.version, controller, outcome: this.load(live, controller.signal) };
    this.loading = loading;
    const outcome = await loading.outcome;
    if (this.loading === loading) this.loading = undefined;
    return outcome;
  }

  private async joinLoading({ outcome }: Loading): Promise<SwapOutcome> {
    return { kind: (await outcome).kind === "swapped" ? "unchanged" : "overtaken" };
  }

  private async load(live: LiveAnswer, signal: AbortSignal): Promise<SwapOutcome> {
    try {
      const next = await loadVersion(live, this.fetch, this.loadNetwork, signal);
      return signal.aborted ? this.giveUp(next) : this.swap(next);
    } catch (reason) {
      return signal.aborted ? { kind: "overtaken" } : { kind: "kept", refused: live.version, reason };
    }
  }

  private swap(next: LoadedModel): SwapOutcome {
    const from = this.loaded;
    this.loaded = next;
    from?.network.forget();
    return { kind: "swapped", from: from?.manifest.version, to: next.manifest.version };
  }

  private giveUp(next: LoadedModel): SwapOutcome {
    next.network.forget();
    return { kind: "overtaken" };
  }
}

/**
 * Load a version: every file and the self-check are right, or it throws and leaves nothing behind.
 *
 * @returns it belongs to the caller, who frees it in the end.
 * @throws what keeps it from being used; AbortError on `signal`.
 */
export async function loadVersion(
  { baseUrl, manifest: unchecked }: Omit<LiveAnswer, "version">,
  fetch: Fetch,
  loadNetwork: LoadNetwork,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const manifest = parseManifest(unchecked);
  const [modelJson, weights] = await Promise.all([
    fetchVersionFile(baseUrl, getFile(manifest, "tfjs_model"), fetch, signal),
    fetchVersionFile(baseUrl, getFile(manifest, "tfjs_weights"), fetch, signal),
  ]);
  const network = await loadNetwork(new TextDecoder().decode(modelJson), weights.buffer, manifest.input);
  return { manifest, network: await checked(network, manifest, signal) };
}

/** Give the network back if it passes the manifest's self-check; free it otherwise. */
async function checked(network: Network, manifest: Manifest, signal: AbortSignal): Promise<Network> {
  try {
    const logits = await network.ask(manifest.selfCheck.bitmap, signal);
    if (passesSelfCheck(logits, manifest.selfCheck)) return network;
    throw new SelfCheckError(
      `version ${manifest.version} does not answer its own sample as its manifest says`,
    );
  } catch (error) {
    network.forget();
    throw error;
  }
}
