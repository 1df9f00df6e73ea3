/** Joins the draw page's parts. */
import { takeWorker } from "./early.ts";
import { INK_LIMITS } from "./ink/index.ts";
import { say } from "./messages/index.ts";
import { holdPage } from "./offline/hold_page.ts";
import { Offline } from "./offline/offline.ts";
import { Model } from "./predict/model.ts";
import { makeLoadNetwork } from "./predict/network.ts";
import { makeShadow } from "./predict/shadow.ts";
import { steadily } from "./predict/steady_fetch.ts";
import type { Fetch } from "./predict/version_files.ts";
import { openOutboxStore } from "./server/careful_outbox_store.ts";
import { findDatabases } from "./server/databases.ts";
import { EVENTS_PATH, watchEvents } from "./server/events.ts";
import { requestJson } from "./server/http.ts";
import { LabelsClient } from "./server/labels.ts";
import { LiveModelClient } from "./server/live_model.ts";
import { askForOthersDrawings } from "./server/others_drawings.ts";
import { Outbox } from "./server/outbox.ts";
import { SentIds } from "./server/sent_ids.ts";
import { applyPreferences } from "./view/draw/applying.ts";
import { findDrawElements } from "./view/draw/elements.ts";
import { Following } from "./view/draw/following.ts";
import { Leaving } from "./view/draw/leaving.ts";
import { makeNewPageOffer } from "./view/draw/new_page.ts";
import { Offering } from "./view/draw/offering.ts";
import { showWaiting } from "./view/draw/outbox_chip.ts";
import { Pacing } from "./view/draw/pacing.ts";
import { DrawPage } from "./view/draw/page.ts";
import { listenForPictures } from "./view/draw/pictures/door.ts";
import { findStorage, PreferenceStore } from "./view/draw/preferences.ts";
import { openFromButtons } from "./view/draw/settings/door.ts";
import { getElement } from "./view/element.ts";
import { Notice } from "./view/notice.ts";
import { alone, every, later, newId, onVisible } from "./view/surroundings.ts";

async function start(): Promise<void> {
  // For public/start_check.js, which otherwise says that this has not happened.
  document.documentElement.dataset["started"] = "";
  holdPage(import.meta.url, navigator.locks);
  const notice = new Notice(getElement("notice", HTMLElement));
  const notify = (words: string) => notice.show(words);
  const chip = getElement("outbox", HTMLElement);

  const preferences = new PreferenceStore(findStorage(), navigator.languages);
  void applyPreferences(preferences, notify);

  const loadNetwork = makeLoadNetwork({
    startWorker: takeWorker,
    loadOnPage: async () => (await import("./predict/page_network.ts")).loadOnPage,
    later,
  });
  const fetchFile: Fetch = steadily((url, init) => fetch(url, init), later);
  const model = new Model(fetchFile, loadNetwork);
  const shadow = makeShadow(fetchFile, loadNetwork, later);

  const databases = findDatabases();
  const [sent, letters] = await Promise.all([
    SentIds.open(databases, later),
    openOutboxStore(databases, later),
  ]);
  const aloneWithLetters = (work: () => Promise<void>) => alone("doodle-outbox", work);
  const leaving = new Leaving(window);
  const outbox = new Outbox({
    store: letters,
    request: requestJson,
    alone: aloneWithLetters,
    later,
    chance: Math.random,
    onWaiting: (numDoodles, numFleeting) => {
      showWaiting(chip, numDoodles, numFleeting);
      leaving.guard(numFleeting > 0);
    },
    onRefused: (reason) => notify(say("page.waited_refused", { reason })),
  });

  const elements = findDrawElements();
  const offerNewPage = makeNewPageOffer(chip, {
    isDrawing: () => elements.stage.dataset["phase"] === "drawing" && !elements.clear.disabled,
    notify,
    reload: () => location.reload(),
  });
  // A part of the page that is loaded late is gone from the server when a newer build has come.
  addEventListener("vite:preloadError", offerNewPage);
  const offline = new Offline({
    container: navigator.serviceWorker,
    onNewBuild: offerNewPage,
    load: async () => {
      const { OfflineCopy } = await import("./offline/copy.ts");
      return await OfflineCopy.make({
        container: navigator.serviceWorker,
        nowSeconds: () => performance.now() / 1000,
        onVisible,
      });
    },
  });

  const page = new DrawPage(elements, {
    model,
    outbox: {
      // Remembered before it is sent: what may have arrived can be forgotten.
      putDoodle: async (doodle) => {
        await sent.add(doodle.id);
        return outbox.putDoodle(doodle);
      },
      putCorrection: (correction) => outbox.putCorrection(correction),
    },
    shadow,
    limits: INK_LIMITS,
    pacing: new Pacing({
      now: () => performance.now(),
      nextFrame: (callback) => requestAnimationFrame(callback),
      later,
    }),
    now: () => performance.now(),
    newId,
    chance: Math.random,
    later,
    notify,
    preferences,
    othersDrawings: askForOthersDrawings(requestJson),
    // Not in the development server, which has no service worker.
    onGuess: () => import.meta.env.PROD && offline.begin(),
  });

  const client = new LiveModelClient(requestJson);
  const following = new Following({
    client,
    model,
    page,
    shadow,
    notify,
    onUse: (live) => offline.use(live),
    later,
    chance: Math.random,
  });
  const labels = new LabelsClient(requestJson);
  const offering = new Offering({ client: labels, page, notify, later, chance: Math.random });
  const refresh = () => {
    void following.refresh();
    void offering.refresh();
  };
  refresh();
  watchEvents(
    { openStream: () => new EventSource(EVENTS_PATH), every, later, chance: Math.random, onVisible },
    {
      poll: refresh,
      on: {
        deployment: (data) => {
          following.hear(data);
          // The server speaks: it can be sent to, too.
          void outbox.flush();
        },
        shadow: () => void following.refresh(),
        labels: (data) => offering.hear(data),
      },
    },
  );

  const forgetting = {
    sent,
    letters,
    request: requestJson,
    alone: aloneWithLetters,
    onDropped: () => outbox.flush(),
  };
  openFromButtons({ preferences, forgetting }, notify);
  listenForPictures({
    button: elements.picture,
    pad: elements.pad,
    page,
    notify,
    hasLetterKeys: () => preferences.current.hasLetterKeys,
  });

  addEventListener("online", () => void outbox.flush());
  void outbox.flush();
}

void start();
