/** A doodle as it is sent, and the two requests about it. */
import { type JsonAnswer, makeImpostorError, RefusedError, type RequestJson } from "./http.ts";

const DOODLES_PATH = "/api/v1/doodles";

/** Quick, Draw!'s simplified form: one [xs, ys] a stroke, integers 0..255. */
export type SentStrokes = readonly (readonly [readonly number[], readonly number[]])[];

export interface Doodle {
  /** UUID made by this page: sending the same doodle twice stores it once. */
  readonly id: string;
  readonly label: string;
  /** base64 of height * width bytes, row-major; 0 paper, 255 ink: the very bitmap the model saw. */
  readonly bitmap: string;
  readonly strokes: SentStrokes;
  /** Name of the label the model put first; null when there was no model. */
  readonly guess: string | null;
  /** In [0, 1]; null when there was no model. */
  readonly confidence: number | null;
  readonly model_version: string | null;
  /** Whether the guess was shown: false where the page said "I don't know this"; null when there was no model. */
  readonly known: boolean | null;
  /** Left out where there was no shadow, or no answer of it. */
  readonly shadow?: SentShadow;
}

/** What the shadow said of a drawing. */
export interface SentShadow {
  readonly version: string;
  /** Name of the label it put first. */
  readonly guess: string;
  /** In [0, 1]. */
  readonly confidence: number;
}

/** A later word of the one who drew it. */
export interface Correction {
  readonly id: string;
  readonly label: string;
}

/** What a doodle can be stored without: services of earlier releases do not know it. */
const MAY_BE_LEFT_OUT = ["known", "shadow"];

/**
 * Store a doodle; without what the server does not know, where that is all it has against it.
 *
 * While a release is rolled out, a page of it may meet a service of the one before.
 *
 * @throws RefusedError, UnreachableError.
 */
export async function postDoodle(request: RequestJson, doodle: Doodle): Promise<void> {
  try {
    checkAnswer(await request(DOODLES_PATH, { method: "POST", body: doodle }), doodle.id);
  } catch (error) {
    const left = leaveOutRefused(error, doodle);
    if (left === undefined) throw error;
    checkAnswer(await request(DOODLES_PATH, { method: "POST", body: left }), doodle.id);
  }
}

function leaveOutRefused(error: unknown, doodle: Doodle): object | undefined {
  if (!(error instanceof RefusedError) || error.fields.length === 0) return undefined;
  const refused = error.fields.map(({ field }) => field);
  if (!refused.every((field) => MAY_BE_LEFT_OUT.includes(field))) return undefined;
  return Object.fromEntries(Object.entries(doodle).filter(([name]) => !refused.includes(name)));
}

/** Correct the label of a stored doodle. @throws RefusedError, UnreachableError. */
export async function putLabel(request: RequestJson, { id, label }: Correction): Promise<void> {
  checkAnswer(await request(`/api/v1/doodles/${id}/label`, { method: "PUT", body: { label } }), id);
}

/** See that it was our server that answered. @throws UnreachableError */
function checkAnswer({ body }: JsonAnswer, id: string): void {
  if ((body as { id?: unknown } | undefined)?.id === id) return;
  throw makeImpostorError();
}

/** Write bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
