/** Keeps what the page asks for the labels there are: asks, tells the page, says what is new; and tries again. */
import { say, sayPrompt } from "../../messages/index.ts";
import type { DrawnLabel, LabelsClient } from "../../server/labels.ts";
import { Retry, type RetrySurroundings } from "../../server/retry.ts";

/** What the draw page can be told about labels. */
export interface LabelListener {
  /** Ask for these from now on; gives those that came while the page was open. */
  offer(labels: readonly DrawnLabel[]): readonly DrawnLabel[];
}

export interface OfferingSurroundings extends RetrySurroundings {
  readonly client: LabelsClient;
  readonly page: LabelListener;
  readonly notify: (words: string) => void;
}

export class Offering {
  private readonly around: OfferingSurroundings;
  private readonly retry: Retry;

  constructor(around: OfferingSurroundings) {
    this.around = around;
    this.retry = new Retry(around, () => void this.refresh());
  }

  /** The stream told which labels there are: ask for them, unless they are known. */
  hear(announced: unknown): void {
    const { fingerprint } = announced as { fingerprint?: string };
    if (fingerprint === undefined || !this.around.client.knows(fingerprint)) void this.refresh();
  }

  /**
   * Ask which labels there are, and offer them.
   *
   * Never throws, and says nothing when it fails: the model's own labels can be drawn until then.
   */
  async refresh(): Promise<void> {
    try {
      const labels = await this.around.client.findNews();
      this.retry.succeed();
      if (labels) this.welcome(this.around.page.offer(labels));
    } catch {
      this.retry.fail();
    }
  }

  private welcome(added: readonly DrawnLabel[]): void {
    if (added.length === 0) return;
    const names = added.map((label) => `${sayPrompt(label)} ${label.emoji}`).join(", ");
    this.around.notify(say("page.new_to_draw", { names }));
  }
}
