/** What the page holds ready for pictures: a button, drops, the clipboard. All else is fetched when one comes. */

export interface DoorElements {
  readonly button: HTMLButtonElement;
  /** Shows that a picture may be dropped; it may be dropped anywhere, so that a near miss does not leave the page. */
  readonly sheet: HTMLElement;
}

/** What is behind the door. */
export interface Room {
  /** Ask for a picture. */
  open(): void;
  /** Take one that was dropped or pasted; undefined where there was none among what was. */
  take(file: File | undefined): void;
}

/**
 * Listen for pictures.
 *
 * @param load fetches the room; it is tried again with the next picture if it fails.
 * @param onNotLoaded called when it could not be fetched.
 */
export function listenForPictures(
  { button, sheet }: DoorElements,
  load: () => Promise<Room>,
  onNotLoaded: () => void,
): void {
  let room: Promise<Room> | undefined;

  async function enter(act: (room: Room) => void): Promise<void> {
    room ??= load();
    try {
      act(await room);
    } catch {
      room = undefined;
      onNotLoaded();
    }
  }

  const take = (files: FileList) => {
    const file = findPicture(Array.from(files));
    void enter((room) => room.take(file));
  };
  button.addEventListener("click", () => void enter((room) => room.open()));
  listenToDrops(sheet, take);
  listenToPaste(take);
}

/** Find the picture among files, by what they say of themselves; any file, if none says so: it is told what is wrong with it. */
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
