/** Keeps the page's model the live one: asks, loads, swaps, says so; and tries again when that failed. */
import { say } from "../../messages/index.ts";
import { type Manifest, parseManifest } from "../../predict/manifest.ts";
import type { LoadedModel, Model, SwapOutcome } from "../../predict/model.ts";
import type { Shadow } from "../../predict/shadow.ts";
import { RefusedError, UnreachableError } from "../../server/http.ts";
import type { LiveModelAnswer, LiveModelClient } from "../../server/live_model.ts";
import { Retry, type RetrySurroundings } from "../../server/retry.ts";

/** What the draw page can be told about the model. */
export interface ModelListener {
  /** True until the first manifest is known. */
  readonly isWaiting: boolean;
  know(manifest: Manifest): void;
  guessWith(loaded: LoadedModel): void;
  wait(headline: string, words: string): void;
}

export interface FollowingSurroundings extends RetrySurroundings {
  readonly client: LiveModelClient;
  readonly model: Model;
  readonly page: ModelListener;
  readonly shadow: Pick<Shadow, "follow" | "isNamed">;
  readonly notify: (words: string) => void;
  /** Called with what the page guesses with from now on. */
  readonly onUse: (live: LiveModelAnswer) => void;
}

export class Following {
  private readonly around: FollowingSurroundings;
  private newestDeployment = 0;
  private refusedVersion: string | undefined;
  /** The question that is on its way. */
  private asking: Promise<LiveModelAnswer | undefined> | undefined;
  private readonly retry: Retry;

  constructor(around: FollowingSurroundings) {
    this.around = around;
    this.retry = new Retry(around, () => void this.refresh());
  }

  /** A deployment was announced: ask about it, unless it is the one that was followed last, without a shadow. */
  hear(announced: unknown): void {
    const hearThen = () => this.hear(announced);
    // The answer that is on its way may well be about it: a page that opens asks, and is told a moment later.
    if (this.asking) return void this.asking.then(hearThen, hearThen);
    const { deployment } = announced as { deployment?: number };
    // That the shadow has ended may have been announced while nobody listened.
    if (deployment !== this.newestDeployment || this.around.shadow.isNamed) void this.refresh();
  }

  /** Ask what is live, and follow. Never throws: what fails is said and tried again. */
  async refresh(): Promise<void> {
    try {
      const live = await this.ask();
      if (live) await this.follow(live);
    } catch (error) {
      this.explain(error);
    }
  }

  private async ask(): Promise<LiveModelAnswer | undefined> {
    const asking = this.around.client.findNews().then((live) => this.takeNote(live));
    this.asking = asking;
    try {
      return await asking;
    } finally {
      if (this.asking === asking) this.asking = undefined;
    }
  }

  /** Pass on what is no older than what is known. */
  private takeNote(live: LiveModelAnswer | undefined): LiveModelAnswer | undefined {
    if (!live || live.deployment < this.newestDeployment) return undefined;
    this.newestDeployment = live.deployment;
    return live;
  }

  private async follow(live: LiveModelAnswer): Promise<void> {
    const { model, page } = this.around;
    // Labels and shape are enough to draw: do not wait for the network's files.
    if (!model.current) page.know(parseManifest(live.manifest));
    const outcome = await model.follow(live);
    this.settle(outcome);
    if (outcome.kind === "swapped") this.around.onUse(live);
    // The live one first: the shadow has time.
    if (outcome.kind === "swapped" || outcome.kind === "unchanged")
      void this.around.shadow.follow(live.shadow);
  }

  private settle(outcome: SwapOutcome): void {
    if (outcome.kind === "kept") return this.keep(outcome.refused, outcome.reason);
    if (outcome.kind === "overtaken") return;
    this.retry.succeed();
    const { current } = this.around.model;
    if (outcome.kind === "unchanged" || !current) return;
    this.around.page.guessWith(current);
    if (outcome.from !== undefined) this.around.notify(say("page.model_swapped", { version: outcome.to }));
  }

  private keep(refused: string, reason: unknown): void {
    this.around.client.forget();
    this.retry.fail();
    if (refused === this.refusedVersion) return;
    this.refusedVersion = refused;
    const current = this.around.model.current?.manifest.version;
    const why = sayReason(reason);
    this.around.notify(
      current === undefined
        ? say("page.model_refused", { version: refused, reason: why })
        : say("page.model_kept", { version: refused, reason: why, current }),
    );
  }

  private explain(error: unknown): void {
    this.around.client.forget();
    this.retry.fail();
    if (!this.around.page.isWaiting) return;
    if (error instanceof RefusedError) {
      this.around.page.wait(say("page.not_ready"), say("page.not_ready_more", { reason: error.message }));
    } else if (error instanceof UnreachableError) {
      this.around.page.wait(say("page.no_server"), say("page.no_server_more"));
    } else {
      this.around.page.wait(say("page.not_understood"), say("page.not_understood_more"));
    }
  }
}

function sayReason(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
