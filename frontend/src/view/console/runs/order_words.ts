/** What an order of a run says, from what stands in the form: a decision without a page. */
import type { FieldError } from "../../../server/http.ts";
import type {
  Argument,
  Choices,
  Facts,
  Ordered,
  RunOrder,
  Scalar,
  TrackedRun,
} from "../../../server/runs.ts";
import { sayNumber } from "../words.ts";

/** From the live version's weights on new drawings, or from first weights on a data set. */
export type Way = "delta" | "scratch";

/** As it stands in the form, by field: "" where nothing does. */
export interface Draft {
  readonly way: Way;
  readonly texts: Readonly<Record<string, string>>;
}

/** What is wrong, by field; under "" what belongs to none. */
export type Wrong = Readonly<Record<string, string>>;

export const PRIORITY: Argument = {
  name: "priority",
  type: "integer",
  minimum: -10,
  maximum: 10,
  default: 0,
};

const DATASETS: Readonly<Record<string, string>> = {
  new: "New drawings",
  base: "Base data",
  users: "Users\u2019 drawings",
  all: "All drawings",
};

export function sayDataset(name: string): string {
  return DATASETS[name] ?? name;
}

/** A name as the form shows it. */
export function sayName(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Say what a field takes, and what is taken where nothing is told. */
export function sayBounds(argument: Argument): string {
  const { type, minimum, maximum, default: usual, usual: words = "by the kind of run" } = argument;
  const bounds = minimum == null || maximum == null ? [] : [`${sayFigure(minimum)} to ${sayFigure(maximum)}`];
  if (usual !== null && type !== "boolean") bounds.push(`${sayFigure(usual)} if left empty`);
  if (usual === null) bounds.push(`${words} if left empty`);
  return bounds.join("; ");
}

function sayFigure(value: number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Number.isInteger(value) ? sayNumber(value) : String(value);
}

/** Begin from what a run was told. */
export function draftOf(run: TrackedRun): Draft {
  const write = (prefix: string, facts: Facts) =>
    Object.entries(facts).map(([name, value]) => [`${prefix}.${name}`, writeValue(value)]);
  const { kind, dataset, network, network_args: inner, train_args: training, key } = run;
  const texts = [
    ["dataset", dataset ?? ""],
    ["network", network ?? ""],
    ...write("network_args", inner),
    ...write("train_args", training),
    ["reason", `like ${key.slice(0, 8)}`],
  ];
  return { way: kind === "delta" ? "delta" : "scratch", texts: Object.fromEntries(texts) as Draft["texts"] };
}

function writeValue(value: Scalar): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === null ? "" : String(value);
}

/** The network that a draft is about; the usual one where there is none of that name any more. */
export function networkOf({ texts }: Draft, choices: Choices): string {
  const isKnown = choices.networks.some(({ name }) => name === texts["network"]);
  return isKnown ? (texts["network"] ?? "") : choices.default_network;
}

/** The fields that a draft has, besides its texts: whatever can be told the network and the training. */
export function listArguments(draft: Draft, choices: Choices): [field: string, argument: Argument][] {
  const network = choices.networks.find(({ name }) => name === networkOf(draft, choices));
  const inner = draft.way === "scratch" ? (network?.arguments ?? []) : [];
  return [
    ...inner.map((each): [string, Argument] => [`network_args.${each.name}`, each]),
    ...choices.train_args.map((each): [string, Argument] => [`train_args.${each.name}`, each]),
    ...(draft.way === "scratch" ? [["max_doodles", maxDoodles(choices)] as [string, Argument]] : []),
    ["priority", PRIORITY],
  ];
}

function maxDoodles({ max_doodles: bounds }: Choices): Argument {
  return { name: "max_doodles", type: "integer", ...bounds, default: null, usual: "all" };
}

/** Make the order. @returns it, or what is wrong with the draft. */
export function toOrder(draft: Draft, choices: Choices): { order: RunOrder } | { wrong: Wrong } {
  const values = listArguments(draft, choices).map(
    ([field, argument]) => [field, readValue(draft.texts[field] ?? "", argument)] as const,
  );
  const wrong = values.flatMap(([field, value]) => (typeof value === "string" ? [[field, value]] : []));
  if (wrong.length > 0) return { wrong: Object.fromEntries(wrong) as Wrong };
  const told = values.filter((pair): pair is [string, number | boolean] => pair[1] !== undefined);
  return { order: compose(draft, choices, new Map(told)) };
}

function compose(draft: Draft, choices: Choices, told: ReadonlyMap<string, number | boolean>): RunOrder {
  const { way, texts } = draft;
  const inner = (prefix: string) =>
    Object.fromEntries(
      [...told].flatMap(([field, value]) =>
        field.startsWith(prefix) ? [[field.slice(prefix.length), value]] : [],
      ),
    );
  const [networkArgs, trainArgs] = [inner("network_args."), inner("train_args.")];
  const [worker, reason] = [texts["worker"] ?? "", (texts["reason"] ?? "").trim()];
  const what =
    way === "scratch" ? { dataset: texts["dataset"] || "all", network: networkOf(draft, choices) } : {};
  return {
    ...what,
    ...(isEmpty(networkArgs) ? {} : { network_args: networkArgs }),
    ...(isEmpty(trainArgs) ? {} : { train_args: trainArgs }),
    ...pick(told, "max_doodles"),
    ...pick(told, "priority"),
    ...(worker === "" ? {} : { worker }),
    ...(reason === "" ? {} : { reason }),
  };
}

function isEmpty(facts: object): boolean {
  return Object.keys(facts).length === 0;
}

function pick<Name extends string>(
  told: ReadonlyMap<string, number | boolean>,
  name: Name,
): Partial<Record<Name, number>> {
  const value = told.get(name);
  return typeof value === "number" ? ({ [name]: value } as Record<Name, number>) : {};
}

/** Read what stands in a field. @returns a text that says what is wrong; undefined where it is left empty. */
function readValue(text: string, argument: Argument): number | boolean | string | undefined {
  const { type, minimum, maximum } = argument;
  const written = text.trim();
  if (written === "") return undefined;
  if (type === "boolean") return written === "yes";
  const value = Number(written.replace(",", "."));
  if (!Number.isFinite(value)) return "A number, please.";
  if (type === "integer" && !Number.isInteger(value)) return "A whole number, please.";
  const isWithin = (minimum == null || value >= minimum) && (maximum == null || value <= maximum);
  return isWithin ? value : `It goes from ${sayFigure(minimum ?? 0)} to ${sayFigure(maximum ?? 0)}.`;
}

/** Sort what the server refuses by the form's fields. @param fields that the form shows just now. */
export function spreadErrors(words: string, errors: readonly FieldError[], fields: readonly string[]): Wrong {
  const spread: Record<string, string> = {};
  for (const { field, detail } of errors) {
    const place = fields.includes(field) ? field : "";
    spread[place] = [spread[place], place === "" && field !== "" ? `${field}: ${detail}` : detail]
      .filter(Boolean)
      .join(" ");
  }
  return Object.keys(spread).length === 0 ? { "": words } : spread;
}

/** Say what has become of an order. */
export function sayOrdered({ key, sent_to: worker, note }: Ordered): string {
  const whose = worker === null ? "" : ` for ${worker}`;
  return `Run ${key.slice(0, 8)} is queued${whose}.${note ? ` ${note}` : ""}`;
}
