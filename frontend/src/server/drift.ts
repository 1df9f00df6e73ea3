/** What the operator's page asks about drift: whether drawings are still what they were. */
import type { RequestJson } from "./http.ts";

const DRIFT_PATH = "/api/v1/drift";

/** From the lowest to the highest. */
export type Level = "steady" | "watch" | "alert";
export type MeasureName = "labels" | "confidence" | "ink" | "embedding";

export interface Measure {
  readonly name: MeasureName;
  readonly title: string;
  /** How far now lies from before; what chance gives in the mean is taken off. */
  readonly value: number;
  /** How often chance alone gives as much, in (0, 1]. */
  readonly p_value: number;
  /** Above it, it is put down to chance. */
  readonly max_p_value: number;
  readonly watch: number;
  readonly alert: number;
  readonly finding: Level;
  /** What it has come to, and what is measured, in words. */
  readonly words: string;
  readonly explanation: string;
}

/** How many drawings fall into each class. */
export interface Counts {
  readonly now: readonly number[];
  readonly before: readonly number[];
}

export interface Histogram extends Counts {
  /** One more than there are classes. */
  readonly edges: readonly number[];
}

export interface SampleDrawing {
  readonly id: string;
  readonly label: string;
  /** Base64 of height x width bytes, row by row; 0 paper, 255 ink. */
  readonly bitmap: string;
  readonly height: number;
  readonly width: number;
  readonly created_at: string;
}

export interface CheckSummary {
  /** ISO 8601. */
  readonly created_at: string;
  /** What held from before on. */
  readonly state: Level;
  /** What the check says by itself. */
  readonly finding: Level;
  readonly version: string | null;
  readonly values: Readonly<Partial<Record<MeasureName, number>>>;
}

export interface Check extends CheckSummary {
  readonly num_present: number;
  readonly num_reference: number;
  readonly present_from: string;
  readonly present_to: string;
  readonly reference_from: string;
  readonly reference_to: string;
  readonly measures: readonly Measure[];
  readonly labels: Counts & { readonly names: readonly string[] };
  readonly ink: Histogram;
  /** null where no version could look. */
  readonly confidence: Histogram | null;
  readonly samples: {
    /** difference: those that tell now from before. */
    readonly chosen_by: "chance" | "difference";
    readonly now: readonly SampleDrawing[];
    readonly before: readonly SampleDrawing[];
  };
}

export interface DriftStanding {
  /** waiting: there are too few drawings yet. */
  readonly state: Level | "waiting";
  readonly words: string;
  readonly since: string | null;
  /** How many there are, up to num_wanted. */
  readonly num_drawings: number;
  readonly num_wanted: number;
  readonly latest: Check | null;
  /** Newest first. */
  readonly history: readonly CheckSummary[];
  readonly thresholds: string;
}

/** Fetch the state alone, with as little of the history as there may be. Throws as fetchDrift does. */
export async function fetchDriftState(request: RequestJson): Promise<DriftStanding["state"]> {
  return ((await request(`${DRIFT_PATH}?limit=1`)).body as DriftStanding).state;
}

/** Throws RefusedError or UnreachableError. */
export async function fetchDrift(request: RequestJson): Promise<DriftStanding> {
  return (await request(DRIFT_PATH)).body as DriftStanding;
}
