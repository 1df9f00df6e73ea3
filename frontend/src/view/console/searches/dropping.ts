/** Lets a file be dropped, or text pasted, anywhere on the page. */

interface Taking {
  readonly onFile: (file: File) => void;
  readonly onText: (text: string) => void;
  /** Something is held over the page, or not any more. */
  readonly onHover: (isOver: boolean) => void;
}

/** @returns ends it. */
export function takeFromPage({ onFile, onText, onHover }: Taking): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener(
    "dragover",
    (event) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      onHover(true);
    },
    { signal },
  );
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && onHover(false), {
    signal,
  });
  document.addEventListener(
    "drop",
    (event) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      onHover(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file) onFile(file);
    },
    { signal },
  );
  document.addEventListener(
    "paste",
    (event) => {
      const text = event.clipboardData?.getData("text") ?? "";
      if (isField(event.target) || !text.trimStart().startsWith("{")) return;
      event.preventDefault();
      onText(text);
    },
    { signal },
  );
  return () => ending.abort();
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
