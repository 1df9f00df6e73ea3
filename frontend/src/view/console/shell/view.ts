/** What a view of the operator's page is, and what it is given. */
import type { RequestJson } from "../../../server/http.ts";
import type { OperatorClient } from "../../../server/operator.ts";
import type { ReasonDialog } from "../reason_dialog.ts";

/** What every view may use. */
export interface ConsoleSurroundings {
  readonly client: OperatorClient;
  /** For a view's own requests. */
  readonly request: RequestJson;
  /** Asks why, before something is done that the history keeps. */
  readonly reason: ReasonDialog;
  /** Says something quietly. */
  readonly notify: (words: string) => void;
  /** The session has ended. */
  readonly onSignedOut: () => void;
  /** Shows whether the server answers. */
  readonly showConnection: (isThere: boolean) => void;
  /** Goes to another address of this page. @param address with its #. */
  readonly goTo: (address: string) => void;
  /** Something was done that the number of waiting reviews depends on. */
  readonly onReviewed: () => void;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/** One view. It exists from the first time it is shown; between `open` and `close` it is on the screen. */
export interface ConsoleView {
  /** Show what an address asks for, and fetch it; called again when the address changes within the view. */
  open(hash: string): void;
  /** Put everything away, so that nothing is left for who comes next. What still comes in is not shown. */
  close(): void;
  /** Fetch everything anew: something may have changed unheard. Called while it is open. */
  refresh?(): void;
  /** Look at what no event tells; called every few seconds while it is open. Times move on with it. */
  look?(): void;
  /** By the event's name: what to do with its data; heard while it is open. */
  readonly on?: Readonly<Record<string, (data: unknown) => void>>;
}

/** @param section the view's own part of the page: what stands in console.html under its name, or a heading. */
export type MakeView = (section: HTMLElement, around: ConsoleSurroundings) => ConsoleView;

export interface ViewEntry {
  /** In the address: `#name`, `#name=…` or `#name&…`; also the id of its part of the page. */
  readonly name: string;
  readonly title: string;
  /** Whether the navigation leads there; otherwise only links do. */
  readonly isInNavigation: boolean;
  /** Fetches its code, which nothing else needs. */
  readonly load: () => Promise<MakeView>;
}
