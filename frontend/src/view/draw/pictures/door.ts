/** What the page holds ready for pictures: a button, drops, the clipboard. All else is fetched when one comes. */
import { loadAllMessages, say } from "../../../messages/index.ts";
import { getWithin } from "../../element.ts";
import { listenToKeys } from "../shortcuts.ts";
import type { RoomSurroundings } from "./index.ts";

/** What is behind the door. */
export interface Room {
  /** Ask for a picture. */
  open(): void;
  /** Take one that was dropped or pasted; undefined where there was none among what was. */
  take(file: File | undefined): void;
}

export interface DoorSurroundings extends RoomSurroundings {
  readonly button: HTMLButtonElement;
  readonly hasLetterKeys: () => boolean;
}

/**
 * Listen for pictures: the button and its key, drops, the clipboard. What comes next is fetched with the first one.
 *
 * A picture may be dropped anywhere, so that a near miss does not leave the page.
 */
export function listenForPictures(around: DoorSurroundings): void {
  let room: Promise<Room> | undefined;

  async function enter(act: (room: Room) => void): Promise<void> {
    room ??= Promise.all([import("./index.ts"), loadAllMessages()]).then(([{ makeRoom }]) =>
      makeRoom(around),
    );
    try {
      act(await room);
    } catch {
      // No network and not kept: the next picture tries again.
      room = undefined;
      around.notify(say("page.not_loaded"));
    }
  }

  const take = (files: FileList) => {
    // Found at once: when the room is there, the event is over and its files are gone.
    const file = findPicture(Array.from(files));
    void enter((room) => room.take(file));
  };
  around.button.addEventListener("click", () => void enter((room) => room.open()));
  listenToKeys({ picture: () => around.button.click() }, around.hasLetterKeys);
  listenToDrops(getWithin(document, ".sheet", HTMLElement), take);
  listenToPaste(take);
}

/** Find the picture among files, by what they say of themselves; if none says so, the first: what is wrong with it is told. */
export function findPicture<Item extends { readonly type: string }>(
  files: readonly Item[],
): Item | undefined {
  return files.find(({ type }) => type.startsWith("image/")) ?? files[0];
}

function listenToDrops(sheet: HTMLElement, take: (files: FileList) => void): void {
  const show = (isDropping: boolean) => sheet.classList.toggle("dropping", isDropping);
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    // Without this the browser leaves the page for the picture, and the drawing is lost.
    event.preventDefault();
    show(true);
  });
  document.addEventListener("dragleave", (event) => {
    // Out of the window; from one element to the next there is somewhere it goes to.
    if (event.relatedTarget === null) show(false);
  });
  document.addEventListener("drop", (event) => {
    show(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) take(event.dataTransfer.files);
  });
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** Text is nothing for us: what holds no file goes its usual way. */
function listenToPaste(take: (files: FileList) => void): void {
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files || files.length === 0) return;
    event.preventDefault();
    take(files);
  });
}
