/** Makes a doodle of a finished drawing, and has it kept and sent; or neither, where its drawer does not want that. */
import type { Guess } from "../../predict/guess.ts";
import type { Label } from "../../predict/manifest.ts";
import type { Shadow } from "../../predict/shadow.ts";
import { type Doodle, type SentShadow, toBase64 } from "../../server/doodles.ts";
import type { Delivery, Outbox } from "../../server/outbox.ts";
import type { Finished } from "./game.ts";
import type { Sketch } from "./sketch.ts";

/** unsent: neither sent nor kept, as the preferences say. */
export type Outcome = Delivery | { readonly kind: "unsent" };

export interface Sent {
  readonly id: string;
  readonly outcome: Outcome;
}

export interface SendingSurroundings {
  readonly outbox: Pick<Outbox, "putDoodle" | "putCorrection">;
  readonly shadow: Pick<Shadow, "answer">;
  /** A fresh UUID. */
  readonly newId: () => string;
  /** Whether drawings may be stored. */
  readonly isStoring: () => boolean;
}

export class Sending {
  private readonly around: SendingSurroundings;

  constructor(around: SendingSurroundings) {
    this.around = around;
  }

  /** Keep and send a drawing under its label. @throws what the browser throws when it cannot even keep it. */
  async send({ sketch, guess }: Finished, label: Label): Promise<Sent> {
    const id = this.around.newId();
    if (!this.around.isStoring()) return { id, outcome: { kind: "unsent" } };
    const shadow = guess && (await this.around.shadow.answer(sketch.bitmap));
    const outcome = await this.around.outbox.putDoodle(makeDoodle(id, sketch, label, guess, shadow));
    return { id, outcome };
  }

  /** Correct the label of what was sent. */
  correct(id: string, label: Label): Promise<Delivery> {
    return this.around.outbox.putCorrection({ id, label: label.name });
  }
}

function makeDoodle(
  id: string,
  { bitmap, strokes }: Sketch,
  label: Label,
  guess: Guess | undefined,
  shadow: SentShadow | undefined,
): Doodle {
  const top = guess?.ranked[0];
  return {
    id,
    label: label.name,
    bitmap: toBase64(bitmap),
    strokes,
    guess: top?.label.name ?? null,
    confidence: top?.confidence ?? null,
    model_version: guess?.version ?? null,
    known: guess ? !guess.unknown : null,
    ...(shadow && { shadow }),
  };
}
