/** A run's curve, kept up to date: heard point by point, and asked for where something may have been missed. */
import type { Curve, TrackedRun } from "../../../server/runs.ts";
import { hasEnded } from "../runs.ts";
import { extend, hasBegunAnew, hearProgress, NO_CURVE } from "./curve_growth.ts";

export class TrackedCurve {
  readonly key: string;
  curve: Curve = NO_CURVE;
  private readonly fetch: (after?: number) => Promise<Curve | undefined>;
  private readonly onChange: () => void;
  private epoch = -1;
  /** Up to where nothing was missed. */
  private askedUpTo: number | undefined;
  private isClosed = false;

  /** @param fetch gives what came after a step; undefined where it is not to be had. */
  constructor(key: string, fetch: (after?: number) => Promise<Curve | undefined>, onChange: () => void) {
    this.key = key;
    this.fetch = fetch;
    this.onChange = onChange;
  }

  /** Fetch it whole. */
  refresh(): void {
    void this.learn(undefined);
  }

  hear(run: TrackedRun): void {
    const { progress } = run;
    if (hasBegunAnew(this.curve, progress)) {
      this.curve = NO_CURVE;
      return this.refresh();
    }
    const grown = hearProgress(this.curve, progress);
    if (grown !== this.curve) {
      this.curve = grown;
      this.onChange();
    }
    const epoch = progress?.epoch ?? 0;
    if (epoch === this.epoch && !hasEnded(run)) return;
    this.epoch = epoch;
    void this.learn(this.askedUpTo);
  }

  close(): void {
    this.isClosed = true;
  }

  private async learn(after: number | undefined): Promise<void> {
    const later = await this.fetch(after);
    if (later === undefined || this.isClosed) return;
    const asked = extend(this.curve, later, after);
    const last = asked.points.at(-1)?.step ?? 0;
    // What was heard while the answer was on its way stays.
    const heard = after === undefined ? [] : this.curve.points.filter(({ step }) => step > last);
    this.curve = { ...asked, points: [...asked.points, ...heard] };
    this.askedUpTo = last;
    this.onChange();
  }
}
