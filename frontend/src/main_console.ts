/** Joins the operator page's parts. */
import { EVENTS_PATH, watchEvents } from "./server/events.ts";
import { RefusedError, requestJson } from "./server/http.ts";
import { OperatorClient, type Run } from "./server/operator.ts";
import { Desk } from "./view/console/desk.ts";
import { ReasonDialog } from "./view/console/reason_dialog.ts";
import { ReportView } from "./view/console/report_view.ts";
import { SignIn, takeCode } from "./view/console/sign_in.ts";
import { getElement } from "./view/element.ts";
import { Notice } from "./view/notice.ts";
import { every, later, onVisible } from "./view/surroundings.ts";

/** How often to look at what no event tells: workers, statistics, the time that has passed. */
const LOOK_SECONDS = 10;

async function start(): Promise<void> {
  const code = takeCode(location, history);
  const client = new OperatorClient(requestJson);
  const notice = new Notice(getElement("notice", HTMLElement));
  const who = getElement("operator", HTMLElement);
  const notify = (words: string) => notice.show(words);

  const desk = new Desk({
    client,
    reason: new ReasonDialog(getElement("reason", HTMLDialogElement)),
    notify,
    onSignedOut: () => leave("Please sign in."),
    now: Date.now,
  });
  const report = new ReportView(client, () => leave("Please sign in."));
  const signIn = new SignIn(client, () => void enter());
  let stopListening: (() => void) | undefined;

  async function enter(): Promise<void> {
    getElement("operator-name", HTMLElement).textContent = await client.getOperator();
    who.hidden = false;
    follow();
    stopListening ??= listen(desk);
  }

  /** Show what the address asks for: the desk, or a run's report. */
  function follow(): void {
    if (who.hidden) return;
    if (report.follow(location.hash)) desk.close();
    else desk.open();
  }

  function leave(words: string): void {
    stopListening?.();
    stopListening = undefined;
    who.hidden = true;
    desk.close();
    report.close();
    signIn.open(words);
  }

  window.addEventListener("hashchange", follow);
  getElement("sign-out", HTMLElement).addEventListener("click", () => {
    void client.signOut().then(
      () => leave("You have signed out."),
      () => notify("The server does not answer; you are still signed in."),
    );
  });

  try {
    if (code !== undefined) await signIn.exchange(code);
    else await enter();
  } catch (error) {
    leave(error instanceof RefusedError ? "" : "The server does not answer. Try again in a moment.");
  }
}

/** Keep the desk up to date until the returned function is called. */
function listen(desk: Desk): () => void {
  const stopLooking = every(LOOK_SECONDS, () => void desk.refreshSurroundings());
  const stopWatching = watchEvents(
    { openStream: () => new EventSource(EVENTS_PATH), every, later, chance: Math.random, onVisible },
    {
      poll: () => void desk.refresh(),
      on: { deployment: () => desk.hearDeployment(), run: (data) => desk.hearRun(data as Run) },
    },
  );
  return () => {
    stopLooking();
    stopWatching();
  };
}

void start();
