/** Asks about a drawing that changes faster than it is answered: one question on its way, and the newest one wins. */

export interface Listeners<Reply> {
  /** Gets the reply to the newest question, and to no other. */
  onReply(reply: Reply): void;
  /** Gets the reason why the newest question was not answered. */
  onFailure(reason: unknown): void;
}

/**
 * Asks one question at a time.
 *
 * While one is on its way only the newest later one is kept, so that a slow backend never falls behind the pen; a reply
 * that a newer question has overtaken is dropped.
 */
export class NewestQuestion<Subject, Reply> {
  private readonly ask: (subject: Subject, signal: AbortSignal) => Promise<Reply>;
  private readonly listeners: Listeners<Reply>;
  private next: { subject: Subject } | undefined;
  private onItsWay: AbortController | undefined;
  private asking: Promise<void> | undefined;

  /** @param ask gives the reply; its signal is aborted when nobody waits for it any more. */
  constructor(ask: (subject: Subject, signal: AbortSignal) => Promise<Reply>, listeners: Listeners<Reply>) {
    this.ask = ask;
    this.listeners = listeners;
  }

  /** Ask about a subject; whatever was asked before is stale from now on. */
  put(subject: Subject): void {
    this.next = { subject };
    this.asking ??= this.askUntilNoneIsLeft();
  }

  /** Forget every question: no reply to them is given on. */
  drop(): void {
    this.next = undefined;
    this.onItsWay?.abort();
  }

  /** Wait until the newest question is answered, dropped or failed. */
  async settled(): Promise<void> {
    await this.asking;
  }

  private async askUntilNoneIsLeft(): Promise<void> {
    for (let question = this.takeNext(); question; question = this.takeNext()) {
      const controller = new AbortController();
      this.onItsWay = controller;
      await this.askOne(question.subject, controller.signal);
    }
    this.asking = undefined;
  }

  private takeNext(): { subject: Subject } | undefined {
    const question = this.next;
    this.next = undefined;
    return question;
  }

  private async askOne(subject: Subject, signal: AbortSignal): Promise<void> {
    const isStale = () => signal.aborted || this.next !== undefined;
    try {
      const reply = await this.ask(subject, signal);
      if (!isStale()) this.listeners.onReply(reply);
    } catch (reason) {
      if (!isStale()) this.listeners.onFailure(reason);
    }
  }
}
