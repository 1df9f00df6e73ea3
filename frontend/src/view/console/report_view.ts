/** Goes to a run's report and back to the desk, as the address says. */
import { RefusedError, UnreachableError } from "../../server/http.ts";
import type { OperatorClient } from "../../server/operator.ts";
import { getElement, getWithin, make } from "../element.ts";
import { showReport } from "./report.ts";
import { findReportKey } from "./report_address.ts";

const UNAUTHORISED = 401;

export class ReportView {
  private readonly client: OperatorClient;
  private readonly onSignedOut: () => void;
  private readonly section = getElement("report", HTMLElement);
  private readonly title = getElement("report-title", HTMLElement);
  private readonly body = getWithin(this.section, ".body", HTMLElement);
  private shown: string | undefined;

  constructor(client: OperatorClient, onSignedOut: () => void) {
    this.client = client;
    this.onSignedOut = onSignedOut;
  }

  /**
   * Show the report an address asks for.
   *
   * @param hash the address's, with its #.
   * @returns whether it asks for one; the desk is to be shown otherwise.
   */
  follow(hash: string): boolean {
    const key = findReportKey(hash);
    this.section.hidden = key === undefined;
    this.shown = key;
    this.body.replaceChildren();
    if (key === undefined) return false;
    this.title.textContent = `Report of run ${key.slice(0, 8)}`;
    this.title.focus();
    void this.load(key);
    return true;
  }

  /** Put everything away, so that nothing is left for who comes next. */
  close(): void {
    this.shown = undefined;
    this.section.hidden = true;
    this.body.replaceChildren();
  }

  private async load(key: string): Promise<void> {
    try {
      const report = await this.client.getReport(key);
      if (this.shown === key) showReport(this.body, report);
    } catch (error) {
      if (error instanceof RefusedError && error.status === UNAUTHORISED) return this.onSignedOut();
      if (!(error instanceof RefusedError || error instanceof UnreachableError)) throw error;
      const words =
        error instanceof RefusedError ? error.message : "The server does not answer. Try again in a moment.";
      if (this.shown === key) this.body.replaceChildren(make("p", { class: "panel error", text: words }));
    }
  }
}
