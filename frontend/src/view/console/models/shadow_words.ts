/** How a shadow does beside the live version, in words and as a table. */
import type { PairTally, ShadowComparison, Sureness } from "../../../server/shadow.ts";
import type { ChartTable } from "../charts/chart_table.ts";
import type { Question } from "../reason_dialog.ts";
import { sayAmount, sayNumber, sayShare } from "../words.ts";
import { accuraciesOf, sayOutcome } from "./comparison_words.ts";

/** With fewer, a share is uncertain by ten points and more. */
const FEWEST = 100;

/** So many drawings must be in dispute for McNemar's p to fall under 0.05 at all: 2 / 2^6 = 0.03. */
const FEWEST_IN_DISPUTE = 6;

/** What an operator is asked before a version is tried. */
export function questionToTry(version: string, isPinned: boolean): Question {
  const anew = isPinned
    ? ""
    : " If a run makes another version live meanwhile, the comparison begins anew; pin what is live to avoid that.";
  const words = `Open pages ask it about each finished drawing, too, and show nothing of it.${anew}`;
  return { title: `Try ${version} as a shadow?`, words, action: "Try" };
}

/** What an operator is asked before the shadow ends. */
export const QUESTION_TO_END: Question = {
  title: "End the shadow?",
  words: "Open pages ask it no more. What it has said stays with the drawings.",
  action: "End it",
};

/** Say what has come of it so far. @param shadow its version. */
export function sayResult({ all, live }: ShadowComparison, shadow: string): string {
  if (all.num_doodles === 0) {
    return "No drawing has been answered by both yet. They come as soon as somebody draws.";
  }
  return sayOutcome(all, live, shadow);
}

/** Say what keeps one from believing it, if anything. */
export function sayCautions({ all, num_elsewhere: elsewhere }: ShadowComparison): string[] {
  const cautions = [];
  const disputed = all.num_first + all.num_second;
  if (all.num_doodles > 0 && all.num_doodles < FEWEST) {
    cautions.push(
      `Too few to tell: ${sayAmount(all.num_doodles, "drawing")} so far, wait for ${FEWEST} at least.`,
    );
  } else if (all.num_doodles > 0 && disputed < FEWEST_IN_DISPUTE) {
    cautions.push(
      `Only one is right about ${sayNumber(disputed)}: fewer than ${FEWEST_IN_DISPUTE} cannot tell who is better, however they fall.`,
    );
  }
  if (elsewhere > 0) {
    cautions.push(
      `${sayAmount(elsewhere, "drawing")} more came in beside a version that is no longer live, and do not count.`,
    );
  }
  return cautions;
}

/** The figures an operator looks at first: what each is, and how it stands. */
export function listFigures({
  all,
  window,
  num_seen: seen,
  live_sureness: live,
  shadow_sureness: shadow,
}: ShadowComparison): { readonly name: string; readonly value: string; readonly more: string }[] {
  const [liveRight, shadowRight] = all.num_doodles === 0 ? [null, null] : accuraciesOf(all);
  const among = seen < window ? `of ${sayNumber(seen)} since it began` : `of the newest ${sayNumber(window)}`;
  return [
    { name: "Answered by both", value: sayNumber(all.num_doodles), more: among },
    {
      name: "They agree on",
      value: sayMaybe(all.num_doodles === 0 ? null : all.num_agreed / all.num_doodles),
      more: "right or wrong",
    },
    { name: "Live is right about", value: sayMaybe(liveRight), more: saySureness(live) },
    { name: "Shadow is right about", value: sayMaybe(shadowRight), more: saySureness(shadow) },
  ];
}

function saySureness({ right, wrong }: Sureness): string {
  return `sure by ${sayMaybe(right)} where right, ${sayMaybe(wrong)} where wrong`;
}

function sayMaybe(share: number | null): string {
  return share === null ? "\u2013" : sayShare(share);
}

/** Give all of it as a table, label by label and together. */
export function tabulate({ all, labels }: ShadowComparison): ChartTable {
  const columns = [
    "Label",
    "Drawings",
    "Agreed",
    "Both right",
    "Only live right",
    "Only shadow right",
    "None right",
    "Live accuracy",
    "Shadow accuracy",
    "McNemar p",
  ];
  const named = [...Object.entries(labels), ["all", all] as const];
  return { columns, rows: named.map(([label, tally]) => [label, ...tabulateTally(tally)]) };
}

function tabulateTally(tally: PairTally): number[] {
  const { num_doodles, num_agreed, num_both, num_first, num_second, num_neither, p_value } = tally;
  return [
    num_doodles,
    num_agreed,
    num_both,
    num_first,
    num_second,
    num_neither,
    ...accuraciesOf(tally),
    p_value,
  ];
}
