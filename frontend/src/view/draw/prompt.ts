import type { Label } from "../../predict/manifest.ts";

/** With fewer to choose from, one would know what comes next. */
const MIN_CHOICES = 2;

/**
 * Choose what to ask for: any label that was not asked for, each as likely.
 *
 * @param labels at least one.
 * @param asked names of those asked for before, the latest last. They come again when less than two others are left; the
 *     latest only where there is no other.
 * @param chance in [0, 1).
 */
export function choosePrompt(labels: readonly Label[], asked: readonly string[], chance: number): Label {
  const fresh = labels.filter(({ name }) => !asked.includes(name));
  const others = labels.filter(({ name }) => name !== asked.at(-1));
  const choices = fresh.length >= MIN_CHOICES ? fresh : others.length > 0 ? others : labels;
  const chosen = choices[Math.floor(chance * choices.length)] ?? choices[0];
  if (!chosen) throw new Error("a label set has at least one label");
  return chosen;
}
