/** A run's curve as it grows: what is asked for, and what is heard in between. */
import type { Curve, TrackedProgress } from "../../../server/runs.ts";

export const NO_CURVE: Curve = { points: [], epochs: [] };

/** Add what was asked for later: what comes after a step takes the place of what was heard there. */
export function extend(curve: Curve, later: Curve, after: number | undefined): Curve {
  const kept = after === undefined ? [] : curve.points.filter(({ step }) => step <= after);
  const epochs = new Map([...curve.epochs, ...later.epochs].map((epoch) => [epoch.epoch, epoch]));
  return {
    points: [...kept, ...later.points],
    epochs: [...epochs.values()].sort((one, other) => one.epoch - other.epoch),
  };
}

/** Add the newest point that a run's progress tells of; what it does not go beyond is known already. */
export function hearProgress(curve: Curve, progress: TrackedProgress | null): Curve {
  const point = progress?.point ?? null;
  const last = curve.points.at(-1);
  if (point === null || (last !== undefined && point.step <= last.step)) return curve;
  return { ...curve, points: [...curve.points, point] };
}

/** Whether a run has begun again, after its worker died. */
export function hasBegunAnew(curve: Curve, progress: TrackedProgress | null): boolean {
  const last = curve.points.at(-1);
  return last !== undefined && progress !== null && progress.num_steps > 0 && progress.step < last.step;
}
