/** The word at the head of every view while drawings have changed much. */
import { type DriftStanding, fetchDriftState } from "../../../server/drift.ts";
import { RefusedError, type RequestJson, UnreachableError } from "../../../server/http.ts";

export class DriftChip {
  private readonly element: HTMLElement;
  private readonly request: RequestJson;
  private isSignedIn = false;

  constructor(element: HTMLElement, request: RequestJson) {
    this.element = element;
    this.request = request;
  }

  /** Somebody has signed in, or what was told may have been missed. What keeps it from being known, the view says. */
  async look(): Promise<void> {
    this.isSignedIn = true;
    try {
      this.show(await fetchDriftState(this.request));
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof UnreachableError)) throw error;
    }
  }

  /** @param data of the server's event. */
  hear(data: unknown): void {
    this.show((data as Pick<DriftStanding, "state">).state);
  }

  close(): void {
    this.isSignedIn = false;
    this.element.hidden = true;
  }

  private show(state: DriftStanding["state"]): void {
    this.element.hidden = !this.isSignedIn || state !== "alert";
  }
}
