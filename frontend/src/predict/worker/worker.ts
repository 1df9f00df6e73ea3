/** The worker's story: start a backend once, keep networks, answer questions in the order they come. It draws nothing. */
import { GraphNetwork } from "../shared/graph_network.ts";
import type { Answer, BackendName, Question } from "../shared/messages.ts";
import { toPicture } from "../shared/picture.ts";
import { startBackend } from "./backend.ts";

/** Networks by the page's number for them; each owns its tensors until the page says "forget". */
const networks = new Map<number, GraphNetwork>();

/** Started before anything is asked: its binary arrives while the page still fetches the network. */
const backend: Promise<BackendName> = startBackend();
// What went wrong is said to whoever asks for a network.
backend.catch(() => {});

self.addEventListener("message", (event: MessageEvent<Question>) => {
  void answer(event.data);
});

async function answer(question: Question): Promise<void> {
  if (question.kind === "forget") return forget(question.network);
  try {
    self.postMessage(question.kind === "load" ? await load(question) : ask(question));
  } catch (error) {
    self.postMessage({ kind: "failed", id: question.id, reason: String(error) } satisfies Answer);
  }
}

async function load(question: Extract<Question, { kind: "load" }>): Promise<Answer> {
  const name = await backend;
  networks.set(question.network, GraphNetwork.load(question.modelJson, question.weights, question.input));
  return { kind: "loaded", id: question.id, backend: name };
}

function ask(question: Extract<Question, { kind: "ask" }>): Answer {
  const network = networks.get(question.network);
  if (!network) throw new Error(`network ${question.network} is not loaded`);
  return { kind: "logits", id: question.id, logits: network.run(toPicture(question.bitmap)) };
}

function forget(network: number): void {
  networks.get(network)?.dispose();
  networks.delete(network);
}
