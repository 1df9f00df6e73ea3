/** The story of a picture: it is asked for or comes by itself, is read, found in, laid on the pad and guessed. */
import type { Drawing } from "../../../pad/history.ts";
import { PhotoRefusedError, type Refusal } from "../../../photo/refusal.ts";
import type { PictureDialog } from "./dialog.ts";
import type { Room } from "./door.ts";
import type { ReadPicture } from "./reader.ts";
import { toPaper } from "./to_paper.ts";

/** What the draw page does for pictures. */
export interface PicturePage {
  /** False while there is nothing to draw, or what was drawn is being stored or shown. */
  readonly canPlace: boolean;
  /** Put a drawing on the pad, as one step that can be undone; resolves when it has been guessed, or cannot be. */
  place(drawing: Drawing): Promise<void>;
}

export interface PictureSurroundings {
  readonly page: PicturePage;
  readonly dialog: Pick<PictureDialog, "ask" | "show" | "refuse" | "close">;
  readonly read: ReadPicture;
  /** Says that a drawing of so many strokes was found. */
  readonly onFound: (numStrokes: number) => void;
  /** Says why a picture cannot be taken now. */
  readonly onBusy: () => void;
}

/** One picture at a time: a newer one takes the place of the one that is being read. */
export class Pictures implements Room {
  private readonly around: PictureSurroundings;
  private reading = new AbortController();

  constructor(around: PictureSurroundings) {
    this.around = around;
  }

  open(): void {
    if (this.around.page.canPlace) this.around.dialog.ask();
  }

  /** Never throws: what is wrong with the picture is said. */
  async take(file: File | undefined): Promise<void> {
    this.cancel();
    if (!this.around.page.canPlace) return this.around.onBusy();
    const { signal } = this.reading;
    try {
      await this.read(file, signal);
    } catch (error) {
      if (!signal.aborted) this.around.dialog.refuse(reasonOf(error));
    }
  }

  /** Stop reading; the pad stays as it is. */
  cancel(): void {
    this.reading.abort();
    this.reading = new AbortController();
  }

  private async read(file: File | undefined, signal: AbortSignal): Promise<void> {
    if (!file) throw new PhotoRefusedError("no_picture");
    const { page, dialog, read, onFound } = this.around;
    dialog.show("reading");
    const strokes = await read(file, signal, () => dialog.show("finding"));
    signal.throwIfAborted();
    dialog.show("guessing");
    await page.place(toPaper(strokes));
    if (signal.aborted) return;
    dialog.close();
    onFound(strokes.length);
  }
}

function reasonOf(error: unknown): Refusal {
  return error instanceof PhotoRefusedError ? error.refusal : "no_reader";
}
