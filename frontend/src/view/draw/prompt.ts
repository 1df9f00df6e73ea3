import type { Label } from "../../predict/manifest.ts";

/**
 * Choose what to ask for: any label, each as likely, but not the same one twice in a row.
 *
 * @param labels at least one.
 * @param before name of the label asked for last.
 * @param chance in [0, 1).
 */
export function choosePrompt(labels: readonly Label[], before: string | undefined, chance: number): Label {
  const others = labels.filter((label) => label.name !== before);
  const choices = others.length > 0 ? others : labels;
  const chosen = choices[Math.floor(chance * choices.length)] ?? choices[0];
  if (!chosen) throw new Error("a label set has at least one label");
  return chosen;
}

/** Show what is asked for. */
export function showPrompt(heading: HTMLElement, label: Label): void {
  const wanted = document.createElement("em");
  wanted.textContent = label.prompt;
  heading.replaceChildren("Can you draw ", wanted, "?");
  heading.dataset["label"] = label.name;
}
