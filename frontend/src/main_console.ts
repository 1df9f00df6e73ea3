/** Joins the operator page's parts. */
import { EVENTS_PATH, watchEvents } from "./server/events.ts";
import { RefusedError, requestJson } from "./server/http.ts";
import { ModelsClient } from "./server/models.ts";
import { OperatorClient } from "./server/operator.ts";
import { DriftChip } from "./view/console/drift/drift_chip.ts";
import { ReasonDialog } from "./view/console/reason_dialog.ts";
import { EVERYTHING_OPEN } from "./view/console/review_address.ts";
import { countAll } from "./view/console/review_words.ts";
import { Navigation } from "./view/console/shell/navigation.ts";
import { sayFailure } from "./view/console/shell/requests.ts";
import { Shell } from "./view/console/shell/shell.ts";
import { SignIn, takeCode } from "./view/console/sign_in.ts";
import { VIEWS } from "./view/console/views.ts";
import { getElement, getWithin } from "./view/element.ts";
import { Notice } from "./view/notice.ts";
import { every, later, onVisible } from "./view/surroundings.ts";

/** How often to look at what no event tells: workers, statistics, the time that has passed. */
const LOOK_SECONDS = 10;

/** What the stream tells, by name; the view that is open hears it. */
const EVENTS = ["deployment", "drift", "labels", "pin", "run", "search", "shadow", "worker"] as const;

async function start(): Promise<void> {
  const code = takeCode(location, history);
  const client = new OperatorClient(requestJson);
  const notice = new Notice(getElement("notice", HTMLElement));
  const who = getElement("operator", HTMLElement);
  const connection = getElement("connection", HTMLElement);
  const notify = (words: string) => notice.show(words);

  const models = new ModelsClient(requestJson);
  const pinned = getElement("pinned", HTMLElement);
  const drifting = new DriftChip(getElement("drifting", HTMLElement), requestJson);

  const menu = getElement("menu", HTMLButtonElement);
  const navigation = new Navigation(getElement("navigation", HTMLElement), menu, VIEWS);
  const shell = new Shell(VIEWS, getWithin(document, "main", HTMLElement), navigation, {
    client,
    request: requestJson,
    reason: new ReasonDialog(getElement("reason", HTMLDialogElement)),
    notify,
    onSignedOut: loseSession,
    showConnection: (isThere) => {
      connection.hidden = isThere;
      connection.textContent = isThere ? "" : "No answer; trying again";
    },
    goTo: (address) => {
      location.hash = address;
    },
    onReviewed: () => void lookForReviews(),
    now: Date.now,
  });
  const signIn = new SignIn(client, enter);
  let stopListening: (() => void) | undefined;

  async function enter(): Promise<void> {
    getElement("operator-name", HTMLElement).textContent = await client.getOperator();
    who.hidden = false;
    follow();
    void lookAround();
    void drifting.look();
    stopListening ??= listen(shell, lookAround, drifting);
  }

  /** The address has changed: by a link within the page, or by one that signs in. */
  async function arrive(): Promise<void> {
    const given = takeCode(location, history);
    if (given === undefined) return follow();
    leave("");
    await signIn.exchange(given);
  }

  function follow(): void {
    if (!who.hidden) shell.follow(location.hash);
  }

  /** See what every view shows: what waits for a review, and whether what is live is pinned. */
  async function lookAround(): Promise<void> {
    await Promise.all([lookForReviews(), lookForPin()]);
  }

  async function lookForPin(): Promise<void> {
    try {
      const pin = await models.getPin();
      const latest = pin.decisions[0];
      pinned.hidden = who.hidden || !pin.pinned;
      pinned.title = latest ? `By ${latest.actor}: ${latest.reason}` : "";
    } catch (error) {
      sayFailure(error, loseSession);
    }
  }

  /** See how much waits for a review. What else keeps this from being known, the view that is open will say. */
  async function lookForReviews(): Promise<void> {
    try {
      const page = await client.listReviews(EVERYTHING_OPEN, 1);
      if (who.hidden) return;
      navigation.showCount("review", countAll(page.counts));
      shell.hear("reviews", page);
    } catch (error) {
      sayFailure(error, loseSession);
    }
  }

  /** The session has ended, if only in another tab. Several requests find that out; the first one says it. */
  function loseSession(): void {
    if (!who.hidden) leave("Please sign in.");
  }

  function leave(words: string): void {
    stopListening?.();
    stopListening = undefined;
    who.hidden = pinned.hidden = true;
    drifting.close();
    shell.close();
    signIn.open(words);
  }

  window.addEventListener("hashchange", () => void arrive());
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

/** Keep the open view, and what waits for a review, up to date until the returned function is called. */
function listen(shell: Shell, lookAround: () => Promise<void>, drifting: DriftChip): () => void {
  const stopLooking = every(LOOK_SECONDS, () => {
    shell.look();
    void lookAround();
  });
  const hear = (name: string, data: unknown) => {
    shell.hear(name, data);
    if (name === "pin") void lookAround();
    if (name === "drift") drifting.hear(data);
  };
  const catchUp = () => {
    shell.refresh();
    void drifting.look();
  };
  const heard = EVENTS.map((name) => [name, (data: unknown) => hear(name, data)] as const);
  const stopWatching = watchEvents(
    { openStream: () => new EventSource(EVENTS_PATH), every, later, chance: Math.random, onVisible },
    { poll: () => catchUp(), on: Object.fromEntries(heard) },
  );
  return () => {
    stopLooking();
    stopWatching();
  };
}

void start();
