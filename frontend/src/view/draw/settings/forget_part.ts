/** "Forget my drawings": says how many, asks whether it is meant, does it, and says what came of it. */
import { type MessageKey, say, type Values } from "../../../messages/index.ts";
import { tell } from "../../../messages/page_words.ts";
import type { Forgetting } from "../../../server/forgetting.ts";
import { RefusedError } from "../../../server/http.ts";
import { make } from "../../element.ts";
import { makeButton, makeWords } from "./parts.ts";

type State = "resting" | "asking" | "working" | "failed";

export class ForgetPart {
  readonly element: HTMLElement;
  private readonly forgetting: Forgetting;
  private readonly words = make("p", { class: "state", attributes: { role: "status" } });
  private readonly bar = make("progress", { attributes: { "aria-labelledby": "forget-title" } });
  private readonly forget: HTMLButtonElement;
  private readonly sure: HTMLElement;
  private readonly yes: HTMLButtonElement;
  private state: State = "resting";
  private count = 0;

  constructor(forgetting: Forgetting) {
    this.forgetting = forgetting;
    this.forget = makeButton("privacy.forget", "forget", () => this.ask());
    this.forget.id = "forget";
    this.yes = makeButton("privacy.yes", "dangerous", () => void this.work());
    const no = makeButton("privacy.no", "", () => this.rest());
    this.sure = make("div", { class: "sure" }, [this.yes, no]);
    this.element = make("div", { class: "forgetting" }, [
      this.words,
      this.bar,
      this.forget,
      this.sure,
      makeWords("p", "privacy.only_here", "detail"),
      makeWords("p", "privacy.learnt", "detail"),
    ]);
    this.show("resting");
  }

  /** Count anew, unless something is going on. */
  async refresh(): Promise<void> {
    if (this.state === "working" || this.state === "asking") return;
    this.count = await this.forgetting.count();
    this.show("resting");
    this.sayCount();
  }

  focus(): void {
    this.forget.focus();
  }

  private sayCount(): void {
    if (this.count === 0) this.say("privacy.nothing");
    else tell(this.words, () => say("privacy.count", { count: this.count }));
  }

  private ask(): void {
    if (this.state === "failed") return void this.work();
    this.show("asking");
    tell(this.words, () => say("privacy.sure", { count: this.count }));
    this.yes.focus();
  }

  private rest(): void {
    this.show("resting");
    this.sayCount();
    this.forget.focus();
  }

  private async work(): Promise<void> {
    this.show("working");
    try {
      const count = await this.forgetting.forget(({ numDone, numAll }) => {
        this.bar.max = numAll;
        this.bar.value = numDone;
        tell(this.words, () => say("privacy.working", { done: numDone, count: numAll }));
      });
      this.count = 0;
      this.show("resting");
      tell(this.words, () => say("privacy.forgotten", { count }));
    } catch (error) {
      await this.fail(error);
    }
  }

  private async fail(error: unknown): Promise<void> {
    // What the browser itself cannot read any more is as many as it was.
    this.count = await this.forgetting.count().catch(() => this.count);
    this.show("failed");
    tell(this.words, () => say("privacy.failed", { reason: sayReason(error), count: this.count }));
    this.forget.focus();
  }

  private say(key: MessageKey, values: Values = {}): void {
    tell(this.words, () => say(key, values));
  }

  private show(state: State): void {
    this.state = state;
    const [asking, working] = [state === "asking", state === "working"];
    this.words.classList.toggle("error", state === "failed");
    this.sure.hidden = !asking;
    this.bar.hidden = !working;
    this.forget.hidden = asking || working;
    this.forget.disabled = this.count === 0;
    tell(this.forget, () => say(state === "failed" ? "privacy.retry" : "privacy.forget"));
  }
}

function sayReason(error: unknown): string {
  return error instanceof RefusedError ? error.message : say("privacy.unreachable");
}
