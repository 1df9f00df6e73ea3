/** JSON over fetch, and the two ways it goes wrong: refused with a reason, or not reached at all. */

export interface FieldError {
  readonly field: string;
  readonly detail: string;
}

/** The server answered, and refused. Source of the fields: RFC 9457. */
export class RefusedError extends Error {
  override name = "RefusedError";
  readonly status: number;
  /** How long the server asks us to wait, when it says so. */
  readonly retryAfterSeconds: number | undefined;
  /** What is wrong with which field, where the server names fields. */
  readonly fields: readonly FieldError[];
  /** Said as our services and their proxy say it; false where another on the way may have refused in their place. */
  readonly isOurs: boolean;

  constructor(
    status: number,
    message: string,
    retryAfterSeconds: number | undefined,
    fields: readonly FieldError[] = [],
    isOurs = true,
  ) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.fields = fields;
    this.isOurs = isOurs;
  }
}

/** Nobody answered: no network, no server, or no answer in time. */
export class UnreachableError extends Error {
  override name = "UnreachableError";
}

/**
 * Make the error of an answer that is not our server's.
 *
 * The network of a hotel or a train answers everything with its own page until somebody has signed in: what such a
 * page says "200" to has not been done.
 */
export function makeImpostorError(): UnreachableError {
  return new UnreachableError("something on the way has answered in the server's place");
}

export interface JsonRequest {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined where the answer has no body. */
  readonly body: unknown;
}

export type RequestJson = (path: string, request?: JsonRequest) => Promise<JsonAnswer>;

/** An answer that takes longer is as good as none. */
const TIMEOUT_SECONDS = 20;

const NOT_MODIFIED = 304;

/**
 * Ask the server.
 *
 * @returns the answer to a 2xx or 304.
 * @throws RefusedError for any other status; UnreachableError when there is no answer.
 */
export async function requestJson(path: string, request: JsonRequest = {}): Promise<JsonAnswer> {
  const response = await reach(path, request);
  const body = await readBody(path, response);
  if (response.ok || response.status === NOT_MODIFIED) {
    return { status: response.status, headers: response.headers, body };
  }
  throw makeRefusal(response, body);
}

function makeRefusal(response: Response, body: unknown): RefusedError {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Problem;
  // A problem of ours always lists what is at fault, if only as nothing; another's may have anything under that name.
  const isOurs = readType(response).includes("problem+json") && Array.isArray(problem.errors);
  const fields = isOurs ? (problem.errors ?? []) : [];
  const words = sayProblem(response, problem, fields);
  return new RefusedError(response.status, words, readRetryAfter(response.headers), fields, isOurs);
}

async function reach(path: string, { method = "GET", body, headers }: JsonRequest): Promise<Response> {
  const init: RequestInit = {
    method,
    headers: { Accept: "application/json", ...(body === undefined ? {} : JSON_HEADERS), ...headers },
    signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
    cache: "no-store",
  };
  if (body !== undefined) init.body = JSON.stringify(body);
  try {
    return await fetch(path, init);
  } catch (error) {
    throw new UnreachableError(`${path} could not be reached`, { cause: error });
  }
}

const JSON_HEADERS = { "Content-Type": "application/json" };

/** @throws UnreachableError when the network is lost in the middle of the answer. */
async function readBody(path: string, response: Response): Promise<unknown> {
  try {
    const text = await response.text();
    if (text === "" || !readType(response).includes("json")) return undefined;
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UnreachableError(`${path} was not answered to the end`, { cause: error });
  }
}

function readType(response: Response): string {
  return response.headers.get("Content-Type") ?? "";
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

function sayProblem(response: Response, problem: Problem, fields: readonly FieldError[]): string {
  const sentence = problem.detail ?? problem.title ?? `the server answered ${response.status}`;
  // A field's words are left out where they are the sentence already.
  const others = fields.filter(({ detail }) => detail !== sentence);
  return [sentence, ...others.map(({ field, detail }) => `${field}: ${detail}`)].join(" ");
}

/** Nobody asks a page to wait longer than this; who does is misunderstood, or wrong. */
const LONGEST_RETRY_AFTER_SECONDS = 3600;

/**
 * Read Retry-After, which is seconds or a date; a date counts from the server's own, for this device's clock may be wrong.
 *
 * Source: RFC 9110, 10.2.3.
 */
function readRetryAfter(headers: Headers): number | undefined {
  const value = headers.get("Retry-After");
  if (value === null) return undefined;
  const given = Number(value);
  const seconds = Number.isFinite(given)
    ? given
    : (Date.parse(value) - Date.parse(headers.get("Date") ?? "")) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), LONGEST_RETRY_AFTER_SECONDS) : undefined;
}
