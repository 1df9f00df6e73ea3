/** manifest.json: the only thing the pages know about a model. Checked at the door, trusted inside. */
import type { InkRange, Rejection } from "./rejection.ts";

export interface Label {
  readonly name: string;
  /** The word with its article, as it stands in "Can you draw ...?". */
  readonly prompt: string;
  readonly emoji: string;
}

export interface ManifestFile {
  readonly role: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

export interface SelfCheck {
  /** uint8, shape (height, width) flattened row-major; 0 paper, 255 ink. */
  readonly bitmap: Uint8Array;
  /** What the network must answer to it, in the labels' order. */
  readonly logits: readonly number[];
  /** Largest allowed difference of one logit. */
  readonly tolerance: number;
}

export interface Manifest {
  readonly version: string;
  /** In the order of the logits. */
  readonly labels: readonly Label[];
  readonly input: { readonly height: number; readonly width: number; readonly channels: number };
  readonly files: readonly ManifestFile[];
  readonly rejection: Rejection;
  readonly selfCheck: SelfCheck;
}

/** The manifest cannot be used: its message names the field. */
export class ManifestError extends Error {
  override name = "ManifestError";
}

/** The formats, preprocessings and scores this page knows; a newer manifest asks for a newer page. */
const FORMAT_VERSION = 1;
const PREPROCESSING = 1;
const SCORE = "energy";

/**
 * Check a manifest and keep what the pages need.
 *
 * @param value parsed JSON of manifest.json.
 * @throws ManifestError naming the first field that is missing or wrong.
 */
export function parseManifest(value: unknown): Manifest {
  const root = new Reader(value, "manifest");
  root.expect("format_version", FORMAT_VERSION);
  const input = root.object("input");
  input.expect("preprocessing", PREPROCESSING);
  const manifest = {
    version: root.text("version"),
    labels: root.list("labels").map(parseLabel),
    input: {
      height: input.number("height"),
      width: input.number("width"),
      channels: input.number("channels"),
    },
    files: root.list("files").map(parseFile),
    rejection: parseRejection(root.object("rejection")),
    selfCheck: parseSelfCheck(root.object("self_check")),
  };
  checkSelfCheckShape(manifest);
  return manifest;
}

/**
 * Find the file of a role.
 *
 * @throws ManifestError when the manifest lists none.
 */
export function getFile(manifest: Manifest, role: string): ManifestFile {
  const file = manifest.files.find((candidate) => candidate.role === role);
  if (!file) throw new ManifestError(`manifest: no file of the role ${role}`);
  return file;
}

function parseLabel(label: Reader): Label {
  return { name: label.text("name"), prompt: label.text("prompt"), emoji: label.text("emoji") };
}

function parseFile(file: Reader): ManifestFile {
  return {
    role: file.text("role"),
    path: file.text("path"),
    sizeBytes: file.number("size_bytes"),
    sha256: file.text("sha256"),
  };
}

function parseRejection(rejection: Reader): Rejection {
  rejection.expect("score", SCORE);
  const ink = rejection.has("ink") ? parseInkRange(rejection.object("ink")) : undefined;
  return { threshold: rejection.number("threshold"), ink };
}

function parseInkRange(ink: Reader): InkRange {
  return {
    minEdges: ink.number("min_edges"),
    maxEdges: ink.number("max_edges"),
    minGrey: ink.number("min_grey"),
    maxGrey: ink.number("max_grey"),
  };
}

function parseSelfCheck(check: Reader): SelfCheck {
  return {
    bitmap: Uint8Array.from(atob(check.text("bitmap")), (character) => character.charCodeAt(0)),
    logits: check.numbers("logits"),
    tolerance: check.number("tolerance"),
  };
}

function checkSelfCheckShape({ labels, input, selfCheck }: Manifest): void {
  if (selfCheck.bitmap.length !== input.height * input.width) {
    throw new ManifestError(`manifest.self_check.bitmap is not ${input.height} x ${input.width} bytes`);
  }
  if (selfCheck.logits.length !== labels.length) {
    throw new ManifestError(
      `manifest.self_check.logits is not one number for each of ${labels.length} labels`,
    );
  }
}

/** Reads fields of unknown JSON and names the one that is wrong. */
class Reader {
  private readonly fields: Readonly<Record<string, unknown>>;
  private readonly path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== "object" || value === null) throw new ManifestError(`${path} is not an object`);
    this.fields = value as Record<string, unknown>;
    this.path = path;
  }

  /** Whether the field is there, and not null. */
  has(name: string): boolean {
    return this.fields[name] !== undefined && this.fields[name] !== null;
  }

  text(name: string): string {
    const value = this.fields[name];
    return typeof value === "string" && value !== "" ? value : this.refuse(name, "a text");
  }

  number(name: string): number {
    const value = this.fields[name];
    return typeof value === "number" && Number.isFinite(value) ? value : this.refuse(name, "a number");
  }

  numbers(name: string): number[] {
    const values = this.fields[name];
    const valid = Array.isArray(values) && values.every((value) => typeof value === "number");
    return valid ? values : this.refuse(name, "a list of numbers");
  }

  object(name: string): Reader {
    return new Reader(this.fields[name], `${this.path}.${name}`);
  }

  list(name: string): Reader[] {
    const values = this.fields[name];
    if (!Array.isArray(values) || values.length === 0)
      return this.refuse(name, "a list with something in it");
    return values.map((value, index) => new Reader(value, `${this.path}.${name}[${index}]`));
  }

  expect(name: string, expected: unknown): void {
    if (this.fields[name] !== expected) this.refuse(name, JSON.stringify(expected));
  }

  private refuse(name: string, expected: string): never {
    throw new ManifestError(`${this.path}.${name} is not ${expected}: ${JSON.stringify(this.fields[name])}`);
  }
}
