/** Keeps the shadow, where the server names one; without one, its code is not even fetched. */
import type { NamedShadow, Shadow, ShadowAnswer } from "../../predict/shadow.ts";

export class Shadowing {
  private readonly make: () => Promise<Shadow>;
  private making: Promise<Shadow> | undefined;
  private shadow: Shadow | undefined;
  private named: NamedShadow | undefined;

  /** @param make fetches the code and makes the one shadow of this page. */
  constructor(make: () => Promise<Shadow>) {
    this.make = make;
  }

  /** Be told what is the shadow now; none if left out. Never throws. */
  async follow(named: NamedShadow | undefined): Promise<void> {
    this.named = named;
    try {
      if (named) {
        this.making ??= this.make();
        this.shadow = await this.making;
      }
      // What was said last counts, however long that took.
      await this.shadow?.follow(this.named);
    } catch {
      // The code did not arrive; the next word about a shadow fetches it again.
      this.making = undefined;
    }
  }

  /** Whether the server has named one. */
  get isNamed(): boolean {
    return this.named !== undefined;
  }

  /** Ask it about a finished drawing. @returns undefined where it does not answer. Never throws. */
  async answer(bitmap: Uint8Array): Promise<ShadowAnswer | undefined> {
    return this.shadow?.answer(bitmap);
  }
}
