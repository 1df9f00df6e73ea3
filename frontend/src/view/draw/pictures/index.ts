/** Joins what reads pictures; fetched with the first one. */
import "../../styles/pictures.css";
import { say } from "../../../messages/index.ts";
import { PictureDialog } from "./dialog.ts";
import type { Room } from "./door.ts";
import { type PicturePage, Pictures } from "./pictures.ts";
import { readIn } from "./reader.ts";

export interface RoomSurroundings {
  readonly page: PicturePage;
  /** Takes the focus when a drawing was found. */
  readonly pad: HTMLElement;
  /** Says something quietly. */
  readonly notify: (words: string) => void;
}

/** Make the room behind the door. */
export function makeRoom({ page, pad, notify }: RoomSurroundings): Room {
  const hasCamera = matchMedia("(pointer: coarse)").matches;
  const dialog = new PictureDialog(hasCamera, {
    onChosen: (file) => void pictures.take(file),
    onClosed: () => pictures.cancel(),
  });
  const openWorker = () =>
    new Worker(new URL("../../../photo/worker/photo_worker.ts", import.meta.url), { type: "module" });
  const pictures = new Pictures({
    page,
    dialog,
    read: readIn(openWorker),
    onFound: (count) => {
      pad.focus({ preventScroll: true });
      notify(say("photo.found", { count }));
    },
    onBusy: () => notify(say("photo.busy")),
  });
  return pictures;
}
