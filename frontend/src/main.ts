/** Joins the draw page's parts. */
import { INK_LIMITS } from "./ink/index.ts";
import { say } from "./messages/index.ts";
import { Model } from "./predict/model.ts";
import { loadIntoWorker } from "./predict/network.ts";
import { makeShadow } from "./predict/shadow.ts";
import type { Fetch } from "./predict/version_files.ts";
import { EVENTS_PATH, watchEvents } from "./server/events.ts";
import { Forgetting } from "./server/forgetting.ts";
import { requestJson } from "./server/http.ts";
import { LabelsClient } from "./server/labels.ts";
import { LiveModelClient } from "./server/live_model.ts";
import { Outbox } from "./server/outbox.ts";
import { openOutboxStore } from "./server/outbox_store.ts";
import { SentIds } from "./server/sent_ids.ts";
import { applyPreferences } from "./view/draw/applying.ts";
import { findDrawElements } from "./view/draw/elements.ts";
import { Following } from "./view/draw/following.ts";
import { Offering } from "./view/draw/offering.ts";
import { showWaiting } from "./view/draw/outbox_chip.ts";
import { Pacing } from "./view/draw/pacing.ts";
import { DrawPage } from "./view/draw/page.ts";
import { findStorage, PreferenceStore } from "./view/draw/preferences.ts";
import { openFromButtons } from "./view/draw/settings/door.ts";
import { getElement } from "./view/element.ts";
import { Notice } from "./view/notice.ts";
import { alone, every, later, newId, onVisible } from "./view/surroundings.ts";

async function start(): Promise<void> {
  const notice = new Notice(getElement("notice", HTMLElement));
  const notify = (words: string) => notice.show(words);
  const chip = getElement("outbox", HTMLElement);

  const preferences = new PreferenceStore(findStorage(), navigator.languages);
  void applyPreferences(preferences, notify);

  const worker = new Worker(new URL("./predict/worker/worker.ts", import.meta.url), { type: "module" });
  const loadNetwork = loadIntoWorker(worker);
  const fetchFile: Fetch = (url, init) => fetch(url, init);
  const model = new Model(fetchFile, loadNetwork);
  const shadow = makeShadow(fetchFile, loadNetwork, later);

  const [sent, letters] = await Promise.all([
    SentIds.open(globalThis.indexedDB),
    openOutboxStore(globalThis.indexedDB),
  ]);
  const aloneWithLetters = (work: () => Promise<void>) => alone("doodle-outbox", work);
  const outbox = new Outbox({
    store: letters,
    request: requestJson,
    alone: aloneWithLetters,
    later,
    chance: Math.random,
    onWaiting: (numDoodles) => showWaiting(chip, numDoodles),
    onRefused: (reason) => notify(say("page.waited_refused", { reason })),
  });

  const page = new DrawPage(findDrawElements(), {
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
    newId,
    chance: Math.random,
    later,
    notify,
  });

  const client = new LiveModelClient(requestJson);
  const following = new Following({ client, model, page, shadow, notify, later, chance: Math.random });
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
        deployment: (data) => following.hear(data),
        shadow: () => void following.refresh(),
        labels: (data) => offering.hear(data),
      },
    },
  );

  const forgetting = new Forgetting({
    sent,
    letters,
    request: requestJson,
    alone: aloneWithLetters,
    onDropped: () => outbox.flush(),
  });
  openFromButtons({ preferences, forgetting }, notify);

  addEventListener("online", () => void outbox.flush());
  void outbox.flush();
}

void start();
