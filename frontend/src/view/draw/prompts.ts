/** What to ask for next: any label, and one that was added a moment ago first. */
import type { Label } from "../../predict/manifest.ts";
import { choosePrompt } from "./prompt.ts";

export class Prompts {
  private readonly chance: () => number;
  private known: readonly Label[] = [];
  private offered: readonly Label[] | undefined;
  private added: readonly Label[] = [];

  /** @param chance in [0, 1). */
  constructor(chance: () => number) {
    this.chance = chance;
  }

  /** Every label there is to draw: the server's list, or the model's labels as long as that is not known. */
  get labels(): readonly Label[] {
    return this.offered ?? this.known;
  }

  /** The model knows these. */
  know(labels: readonly Label[]): void {
    this.known = labels;
  }

  /** Tell whether the model can guess a label. */
  canBeGuessed(name: string): boolean {
    return this.known.some((label) => label.name === name);
  }

  /**
   * There are these to draw.
   *
   * @returns those that are new since the last time; none the first time.
   */
  offer(labels: readonly Label[]): readonly Label[] {
    const before = this.offered;
    const added = before ? labels.filter(({ name }) => !includes(before, name)) : [];
    this.offered = labels;
    this.added = [...this.added.filter(({ name }) => includes(labels, name)), ...added];
    return added;
  }

  includes(name: string | undefined): boolean {
    return includes(this.labels, name);
  }

  /**
   * Choose what to ask for; undefined when there is nothing yet.
   *
   * @param asked names of what was asked for before, the latest last.
   */
  next(asked: readonly string[]): Label | undefined {
    const [first, ...others] = this.added;
    this.added = others;
    if (first) return first;
    return this.labels.length > 0 ? choosePrompt(this.labels, asked, this.chance()) : undefined;
  }
}

function includes(labels: readonly Label[], name: string | undefined): boolean {
  return labels.some((label) => label.name === name);
}
