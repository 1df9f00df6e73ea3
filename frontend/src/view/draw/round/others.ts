/** How other people drew a label: asked for once a label, with words while it loads, when there is none, and when it fails. */
import { say, sayName, sayPrompt } from "../../../messages/index.ts";
import type { Label } from "../../../predict/manifest.ts";
import { RefusedError, UnreachableError } from "../../../server/http.ts";
import type { OthersDrawings } from "../../../server/others_drawings.ts";
import { make } from "../../element.ts";
import type { Bitmap } from "../seen.ts";
import { paintSmooth } from "./pictures.ts";

type Shape = Omit<Bitmap, "bitmap">;

type Loaded =
  | { readonly kind: "drawings"; readonly bitmaps: readonly Uint8Array[] }
  | { readonly kind: "failed"; readonly words: () => string };

export class Others {
  private readonly ask: OthersDrawings;
  /** By the label's name. */
  private readonly loaded = new Map<string, Loaded>();

  constructor(ask: OthersDrawings) {
    this.ask = ask;
  }

  /** Make the part about a label; it fills itself when the drawings are there. @param shape of a drawing. */
  make(label: Label, shape: Shape): HTMLElement {
    const body = make("div", { class: "body" });
    const title = make("h2", { text: say("game.others", { prompt: sayPrompt(label) }) });
    const part = make("section", { class: "others panel", data: { label: label.name } }, [title, body]);
    void this.fill(body, label, shape);
    return part;
  }

  private async fill(body: HTMLElement, label: Label, shape: Shape): Promise<void> {
    const known = this.loaded.get(label.name);
    if (!known) body.replaceChildren(makeWords(say("game.others_loading")));
    const loaded = known ?? (await this.load(label));
    if (loaded.kind === "drawings") return body.replaceChildren(showBitmaps(loaded.bitmaps, label, shape));
    const retry = make("button", { text: say("game.others_retry"), attributes: { type: "button" } });
    retry.addEventListener("click", () => void this.fill(body, label, shape));
    body.replaceChildren(makeWords(loaded.words()), retry);
  }

  private async load({ name }: Label): Promise<Loaded> {
    try {
      const loaded: Loaded = { kind: "drawings", bitmaps: await this.ask(name) };
      this.loaded.set(name, loaded);
      return loaded;
    } catch (error) {
      return { kind: "failed", words: explain(error) };
    }
  }
}

function explain(error: unknown): () => string {
  if (error instanceof UnreachableError) return () => say("game.others_unreachable");
  if (!(error instanceof RefusedError)) throw error;
  return () => say("game.others_failed", { reason: error.message });
}

function showBitmaps(bitmaps: readonly Uint8Array[], label: Label, { height, width }: Shape): HTMLElement {
  // Those of another shape are of another release's label set.
  const shown = bitmaps.filter((bitmap) => bitmap.length === height * width);
  if (shown.length === 0) return makeWords(say("game.others_none", { prompt: sayPrompt(label) }));
  const words = say("game.others_pictures", { count: shown.length, name: sayName(label) });
  return make(
    "div",
    { class: "gallery", attributes: { role: "img", "aria-label": words } },
    shown.map((bitmap) => paintSmooth({ bitmap, height, width })),
  );
}

function makeWords(text: string): HTMLElement {
  return make("p", { class: "detail", text, attributes: { role: "status" } });
}
