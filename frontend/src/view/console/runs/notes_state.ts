/** Whether what somebody has written about a run is saved. */

export interface Notes {
  /** As the server has them; undefined before it is known. */
  readonly saved: string | undefined;
  readonly written: string;
  /** What is on its way to the server. */
  readonly sent: string | undefined;
  /** Why the last attempt came to nothing. */
  readonly trouble: string | undefined;
}

export const NO_NOTES: Notes = { saved: undefined, written: "", sent: undefined, trouble: undefined };

/** What the server has is known; what somebody is writing is not taken from under their hands. */
export function hearNotes(notes: Notes, saved: string): Notes {
  const isTouched = notes.saved !== undefined && notes.written !== notes.saved;
  return { ...notes, saved, written: isTouched ? notes.written : saved };
}

export function isUnsaved({ saved, written }: Notes): boolean {
  return saved !== undefined && written !== saved;
}

export function sayNotes(notes: Notes): string {
  const { saved, written, sent, trouble } = notes;
  if (sent !== undefined) return "Saving \u2026";
  if (trouble !== undefined && isUnsaved(notes)) return `Not saved: ${trouble}`;
  if (isUnsaved(notes)) return "Not saved yet.";
  return saved === undefined || written === "" ? "" : "Saved.";
}
