/** How each kind of request is answered: from what is kept, from the network, or from whichever comes first. */
import type { BuildCache } from "./build_cache.ts";
import type { ModelCache } from "./model_cache.ts";
import type { Route } from "./routes.ts";

/** A page that can be drawn on now is worth more than the newest model in a while. */
export const LIVE_PATIENCE_SECONDS = 3;

const SERVER_ERROR = 500;

export interface AnswerSurroundings {
  readonly builds: BuildCache;
  readonly models: ModelCache;
  /** Asks the network, exactly as the page did. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly later: (seconds: number, callback: () => void) => void;
}

/** Answer a request. @throws TypeError where there is neither a kept answer nor a network. */
export function answer(
  route: Exclude<Route, "network">,
  request: Request,
  around: AnswerSurroundings,
): Promise<Response> {
  const { builds, models } = around;
  const { pathname } = new URL(request.url);
  if (route === "live") return answerLive(request, around);
  if (route === "page") return keptOrFetched(() => builds.find("/"), request, around);
  if (route === "file") return keptOrFetched(() => builds.find(pathname), request, around);
  return keptOrFetched(() => models.find(pathname), request, around);
}

async function keptOrFetched(
  find: () => Promise<Response | undefined>,
  request: Request,
  { fetch }: AnswerSurroundings,
): Promise<Response> {
  return (await unlessBroken(find)) ?? (await fetch(request));
}

/** The server's word if it says one in time and is well; else what was kept. */
async function answerLive(request: Request, around: AnswerSurroundings): Promise<Response> {
  const asked = around.fetch(request);
  const kept = await unlessBroken(() => around.models.findLive());
  if (!kept) return asked;
  const patience = new Promise<undefined>((resolve) => {
    around.later(LIVE_PATIENCE_SECONDS, () => resolve(undefined));
  });
  const answered = await Promise.race([asked, patience]).catch(() => undefined);
  return answered && answered.status < SERVER_ERROR ? answered : kept;
}

/** What is kept is there to help: where the browser cannot read it, the network is asked as if nothing were kept. */
async function unlessBroken(find: () => Promise<Response | undefined>): Promise<Response | undefined> {
  try {
    return await find();
  } catch {
    return undefined;
  }
}
