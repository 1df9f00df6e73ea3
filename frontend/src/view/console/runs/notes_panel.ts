/** What somebody has to say about a run: saved when they leave the field, and on the way says whether it is. */
import { make } from "../../element.ts";
import { hearNotes, isUnsaved, NO_NOTES, type Notes, sayNotes } from "./notes_state.ts";

const MOST_CHARACTERS = 4_000;

export class NotesPanel {
  readonly element: HTMLElement;
  private readonly text = make("textarea", {
    attributes: {
      id: "runs-notes-text",
      rows: "4",
      maxlength: String(MOST_CHARACTERS),
      "aria-labelledby": "runs-notes",
      "aria-describedby": "runs-notes-state",
      placeholder: "What was tried, and what came of it",
    },
  });
  private readonly state = make("p", {
    class: "detail",
    attributes: { id: "runs-notes-state", role: "status" },
  });
  private readonly button = make("button", { class: "quiet", text: "Save", attributes: { type: "button" } });
  private readonly onSave: (text: string) => Promise<string | undefined>;
  private notes: Notes = NO_NOTES;

  /** @param onSave gives why it could not be saved; undefined when it is. */
  constructor(onSave: (text: string) => Promise<string | undefined>) {
    this.onSave = onSave;
    this.button.dataset["action"] = "save-notes";
    this.text.addEventListener("input", () =>
      this.become({ ...this.notes, written: this.text.value, trouble: undefined }),
    );
    this.text.addEventListener("change", () => void this.save());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.save();
    });
    this.button.addEventListener("click", () => void this.save());
    this.element = make(
      "section",
      { class: "panel part notes", attributes: { "aria-labelledby": "runs-notes" } },
      [
        make("h2", { text: "Notes", attributes: { id: "runs-notes" } }),
        this.text,
        make("div", { class: "curve-tools" }, [this.button, this.state]),
      ],
    );
    this.clear();
  }

  /** Show what the server has. */
  hear(saved: string): void {
    this.become(hearNotes(this.notes, saved));
  }

  clear(): void {
    this.become(NO_NOTES);
  }

  /** Save what is not. */
  async save(): Promise<void> {
    const { written, sent } = this.notes;
    if (!isUnsaved(this.notes) || sent === written) return;
    this.become({ ...this.notes, sent: written, trouble: undefined });
    const trouble = await this.onSave(written);
    if (this.notes.sent !== written) return;
    const saved = trouble === undefined ? written : this.notes.saved;
    this.become({ ...this.notes, saved, sent: undefined, trouble });
  }

  private become(notes: Notes): void {
    this.notes = notes;
    if (this.text.value !== notes.written) this.text.value = notes.written;
    this.text.disabled = notes.saved === undefined;
    this.button.disabled = !isUnsaved(notes) || notes.sent !== undefined;
    this.state.textContent = sayNotes(notes);
    this.state.classList.toggle("error", notes.trouble !== undefined && isUnsaved(notes));
  }
}
