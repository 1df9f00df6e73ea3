/** A run's report, as the address says. */
import type { OperatorClient } from "../../server/operator.ts";
import { getWithin, make } from "../element.ts";
import { showReport } from "./report.ts";
import { findReportKey } from "./report_address.ts";
import { runAddress } from "./runs/runs_address.ts";
import { sayFailure } from "./shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "./shell/view.ts";

export function makeReportView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new ReportView(section, around);
}

class ReportView implements ConsoleView {
  private readonly client: OperatorClient;
  private readonly onSignedOut: () => void;
  private readonly title: HTMLElement;
  private readonly body: HTMLElement;
  private readonly toRun = make("a", { text: "Its curves, log and notes" });
  private shown: string | undefined;

  constructor(section: HTMLElement, { client, onSignedOut }: ConsoleSurroundings) {
    this.client = client;
    this.onSignedOut = onSignedOut;
    this.title = getWithin(section, "h1", HTMLElement);
    this.body = getWithin(section, ".body", HTMLElement);
    getWithin(section, ".onward", HTMLElement).append(this.toRun);
  }

  open(hash: string): void {
    const key = findReportKey(hash);
    this.shown = key;
    this.body.replaceChildren();
    this.toRun.hidden = key === undefined;
    this.toRun.href = runAddress(key ?? "");
    this.title.textContent = key === undefined ? "Report" : `Report of run ${key.slice(0, 8)}`;
    if (key === undefined) this.complain("This address names no run.");
    else void this.load(key);
  }

  close(): void {
    this.shown = undefined;
    this.body.replaceChildren();
  }

  private async load(key: string): Promise<void> {
    try {
      const report = await this.client.getReport(key);
      if (this.shown === key) showReport(this.body, report);
    } catch (error) {
      const words = sayFailure(error, this.onSignedOut);
      if (words !== undefined && this.shown === key) this.complain(words);
    }
  }

  private complain(words: string): void {
    this.body.replaceChildren(make("p", { class: "panel error", text: words }));
  }
}
