/** Joins the operator page's parts. */
import { EVENTS_PATH, watchEvents } from "./server/events.ts";
import { RefusedError, requestJson, UnreachableError } from "./server/http.ts";
import { OperatorClient, type Run } from "./server/operator.ts";
import { Desk } from "./view/console/desk.ts";
import { Navigation } from "./view/console/navigation.ts";
import { ReasonDialog } from "./view/console/reason_dialog.ts";
import { ReportView } from "./view/console/report_view.ts";
import { EVERYTHING_OPEN } from "./view/console/review_address.ts";
import { ReviewView } from "./view/console/review_view.ts";
import { countAll } from "./view/console/review_words.ts";
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
  const navigation = new Navigation(getElement("navigation", HTMLElement));
  const review = new ReviewView({
    client,
    onSignedOut: () => leave("Please sign in."),
    onDone: () => void lookForReviews(),
    goTo: (address) => {
      location.hash = address;
    },
    now: Date.now,
  });
  const signIn = new SignIn(client, () => void enter());
  let stopListening: (() => void) | undefined;

  async function enter(): Promise<void> {
    getElement("operator-name", HTMLElement).textContent = await client.getOperator();
    who.hidden = false;
    follow();
    void lookForReviews();
    stopListening ??= listen(desk, lookForReviews);
  }

  /** Show what the address asks for: the desk, the review, or a run's report. */
  function follow(): void {
    if (who.hidden) return;
    navigation.follow(location.hash);
    const isReport = report.follow(location.hash);
    const isReview = review.follow(location.hash);
    if (isReview) void lookForReviews();
    if (isReport || isReview) desk.close();
    else desk.open();
  }

  /** See how much waits for a review. What keeps this from being known, the view that is open will say. */
  async function lookForReviews(): Promise<void> {
    try {
      const page = await client.listReviews(EVERYTHING_OPEN, 1);
      if (who.hidden) return;
      navigation.showCount(countAll(page.counts));
      review.hear(page);
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof UnreachableError)) throw error;
    }
  }

  function leave(words: string): void {
    stopListening?.();
    stopListening = undefined;
    who.hidden = true;
    desk.close();
    navigation.close();
    report.close();
    review.close();
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

/** Keep the desk, and what waits for a review, up to date until the returned function is called. */
function listen(desk: Desk, lookForReviews: () => Promise<void>): () => void {
  const look = () => Promise.all([desk.refreshSurroundings(), lookForReviews()]);
  const stopLooking = every(LOOK_SECONDS, () => void look());
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
