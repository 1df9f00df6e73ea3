/** Every element of the draw page that its script touches. */
import { getElement, getWithin } from "../element.ts";
import type { GuessElements } from "./guess_list.ts";

export interface DrawElements {
  readonly stage: HTMLElement;
  readonly prompt: HTMLElement;
  readonly pad: HTMLCanvasElement;
  readonly padHint: HTMLElement;
  readonly undo: HTMLButtonElement;
  readonly redo: HTMLButtonElement;
  readonly clear: HTMLButtonElement;
  readonly skip: HTMLButtonElement;
  readonly done: HTMLButtonElement;
  readonly next: HTMLButtonElement;
  readonly result: HTMLElement;
  readonly guesses: GuessElements;
  readonly topGuess: HTMLElement;
  readonly seen: HTMLCanvasElement;
  readonly seenFigure: HTMLElement;
  readonly modelVersion: HTMLElement;
  readonly backend: HTMLElement;
}

/** Find them. @throws Error naming the one that index.html does not have. */
export function findDrawElements(): DrawElements {
  const button = (id: string) => getElement(id, HTMLButtonElement);
  return {
    stage: getWithin(document, ".stage", HTMLElement),
    prompt: getElement("prompt", HTMLElement),
    pad: getElement("pad", HTMLCanvasElement),
    padHint: getElement("pad-hint", HTMLElement),
    undo: button("undo"),
    redo: button("redo"),
    clear: button("clear"),
    skip: button("skip"),
    done: button("done"),
    next: button("next"),
    result: getElement("result", HTMLElement),
    guesses: { list: getElement("guesses", HTMLElement), hint: getElement("hint", HTMLElement) },
    topGuess: getElement("top-guess", HTMLElement),
    seen: getElement("seen", HTMLCanvasElement),
    seenFigure: getWithin(document, ".seen", HTMLElement),
    modelVersion: getElement("model-version", HTMLElement),
    backend: getElement("backend", HTMLElement),
  };
}
