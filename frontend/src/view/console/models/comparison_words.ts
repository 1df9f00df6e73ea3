/** Who is better where, in words. */
import type { Comparison, Tally } from "../../../server/models.ts";
import type { ChartTable } from "../charts/chart_table.ts";
import { sayAmount, sayNumber, sayShare } from "../words.ts";

/** Above it, nobody should believe in a difference. Source: the gate's alpha, decision 0031. */
const ALPHA = 0.05;

/** Share of drawings that either is right about, in [0, 1]. */
export function accuraciesOf({
  num_doodles: all,
  num_both: both,
  num_first,
  num_second,
}: Tally): [number, number] {
  return [(both + num_first) / all, (both + num_second) / all];
}

/** Who of the two is right more often; undefined where neither is, or where it may well be chance. */
export function findWinner({
  num_first: first,
  num_second: second,
  p_value: p,
}: Tally): "first" | "second" | undefined {
  if (first === second || p > ALPHA) return undefined;
  return first > second ? "first" : "second";
}

/**
 * Say what came out on a holdout.
 *
 * @param first, second the versions' names.
 */
export function sayOutcome(tally: Tally, first: string, second: string): string {
  const { num_doodles: all, num_first, num_second, p_value: p } = tally;
  const differ = num_first + num_second;
  if (differ === 0) return `On ${sayAmount(all, "drawing")} both are right about the very same ones.`;
  const [left, right] = accuraciesOf(tally);
  const found = `${first} is right about ${sayShare(left)} of ${sayAmount(all, "drawing")}, ${second} about ${sayShare(right)}.`;
  const split = `Only one is right about ${sayNumber(differ)}: ${first} about ${sayNumber(num_first)}, ${second} about ${sayNumber(num_second)}.`;
  return `${found} ${split} ${sayChance(tally, first, second)} (McNemar, p ${sayP(p)}).`;
}

function sayChance(tally: Tally, first: string, second: string): string {
  const winner = findWinner(tally);
  if (winner === undefined) return "That may well be chance";
  return `Were both equally good, so uneven a split would be rare: ${winner === "first" ? first : second} is better`;
}

/** Write a probability. */
export function sayP(p: number): string {
  if (p < 0.001) return "< 0.001";
  return `= ${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

/** Give a comparison of two versions as a table: holdout by holdout, label by label and together. */
export function tabulateComparison({ version: first, with: second, holdouts }: Comparison): ChartTable {
  const columns = [
    "Holdout",
    "Label",
    "Drawings",
    "Both right",
    `Only ${first} right`,
    `Only ${second} right`,
    "None right",
    `${first} accuracy`,
    `${second} accuracy`,
    "McNemar p",
  ];
  const rows = holdouts.flatMap(({ name, labels, all }) =>
    [...Object.entries(labels), ["all", all] as const].map(([label, tally]) => [
      name,
      label,
      tally.num_doodles,
      tally.num_both,
      tally.num_first,
      tally.num_second,
      tally.num_neither,
      ...accuraciesOf(tally),
      tally.p_value,
    ]),
  );
  return { columns, rows };
}
