/** Each measure on its scale: where it stands between its thresholds, and what that means. */
import type { Check, Measure } from "../../../server/drift.ts";
import { make } from "../../element.ts";
import { ALERT_AT, placeValue, STATE_NAMES, sayValue } from "./drift_words.ts";

/** Make the measures of a check, one list item each. */
export function makeMeasures({ measures }: Check): HTMLElement[] {
  return measures.map(makeMeasure);
}

function makeMeasure(measure: Measure): HTMLElement {
  const { name, title, finding, words, explanation } = measure;
  const head = make("header", {}, [
    make("h3", { text: title }),
    make("span", { class: `state ${finding}`, text: STATE_NAMES[finding] }),
  ]);
  const about = make("details", {}, [
    make("summary", { text: "What is this?" }),
    make("p", { class: "detail", text: explanation }),
  ]);
  const parts = [head, makeScale(measure), make("p", { text: words }), about];
  return make("li", { class: "panel", data: { measure: name, finding } }, parts);
}

function makeScale(measure: Measure): HTMLElement {
  const { value, watch, alert } = measure;
  const said = `${sayValue(value)}; worth a look from ${watch}, an alarm from ${alert}`;
  const pointer = make("span", { class: "drift-pointer" });
  pointer.style.insetInlineStart = `${placeValue(value, measure)}%`;
  const marks = [
    [watch, ALERT_AT / 2],
    [alert, ALERT_AT],
  ].map(([threshold = 0, place = 0]) => {
    const mark = make("span", { class: "drift-mark", text: String(threshold) });
    mark.style.insetInlineStart = `${place}%`;
    return mark;
  });
  const value_ = make("strong", { class: "drift-value", text: sayValue(value) });
  const bar = make("div", { class: "drift-bar" }, [pointer, ...marks]);
  return make("div", { class: "drift-scale", attributes: { role: "img", "aria-label": said } }, [
    value_,
    bar,
  ]);
}
