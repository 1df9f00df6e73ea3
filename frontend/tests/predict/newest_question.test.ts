import { expect, test } from "vitest";
import { NewestQuestion } from "../../src/predict/newest_question.ts";

/** A backend that answers when the test says so. */
class SlowBackend {
  readonly asked: {
    subject: string;
    signal: AbortSignal;
    answer: (reply: string) => void;
    fail: (reason: Error) => void;
  }[] = [];

  readonly ask = (subject: string, signal: AbortSignal): Promise<string> =>
    new Promise((answer, fail) => {
      this.asked.push({ subject, signal, answer, fail });
      signal.addEventListener("abort", () => fail(new Error("aborted")));
    });
}

function start() {
  const backend = new SlowBackend();
  const replies: string[] = [];
  const failures: unknown[] = [];
  const questions = new NewestQuestion<string, string>(backend.ask, {
    onReply: (reply) => replies.push(reply),
    onFailure: (reason) => failures.push(reason),
  });
  const subjects = () => backend.asked.map(({ subject }) => subject);
  return { backend, questions, replies, failures, subjects };
}

test("a question is answered", async () => {
  const { backend, questions, replies } = start();

  questions.put("one");
  backend.asked[0]?.answer("reply to one");
  await questions.settled();

  expect(replies).toEqual(["reply to one"]);
});

test("the newest question wins: replies that were overtaken are dropped", async () => {
  const { backend, questions, replies } = start();

  questions.put("one");
  questions.put("two");
  backend.asked[0]?.answer("reply to one");
  await expect.poll(() => backend.asked.length).toBe(2);
  backend.asked[1]?.answer("reply to two");
  await questions.settled();

  expect(replies).toEqual(["reply to two"]);
});

test("while one is on its way only the newest later one is kept: a slow backend never falls behind", async () => {
  const { backend, questions, subjects } = start();

  for (const subject of ["one", "two", "three", "four"]) questions.put(subject);
  backend.asked[0]?.answer("");
  await expect.poll(() => backend.asked.length).toBe(2);
  backend.asked[1]?.answer("");
  await questions.settled();

  expect(subjects()).toEqual(["one", "four"]);
});

test("dropping aborts what is on its way, and no reply comes of it", async () => {
  const { backend, questions, replies, failures } = start();

  questions.put("one");
  questions.drop();
  await questions.settled();

  expect(backend.asked[0]?.signal.aborted).toBe(true);
  expect({ replies, failures }).toEqual({ replies: [], failures: [] });
});

test("after a drop the next question is asked as ever", async () => {
  const { backend, questions, replies } = start();
  questions.put("one");
  questions.drop();

  questions.put("two");
  await expect.poll(() => backend.asked.length).toBe(2);
  backend.asked[1]?.answer("reply to two");
  await questions.settled();

  expect(replies).toEqual(["reply to two"]);
});

test("a failure is told, and the next question is asked all the same", async () => {
  const { backend, questions, replies, failures } = start();

  questions.put("one");
  backend.asked[0]?.fail(new Error("no memory"));
  await questions.settled();
  questions.put("two");
  backend.asked[1]?.answer("reply to two");
  await questions.settled();

  expect(failures).toEqual([new Error("no memory")]);
  expect(replies).toEqual(["reply to two"]);
});
