/** Every element of the draw page that its script touches. */
import { getElement, getWithin } from "../element.ts";
import type { GuessElements } from "./guess_list.ts";

export interface DrawElements {
  readonly stage: HTMLElement;
  readonly place: HTMLElement;
  readonly dots: HTMLElement;
  readonly otherMode: HTMLAnchorElement;
  readonly picture: HTMLButtonElement;
  readonly prompt: HTMLElement;
  readonly pad: HTMLCanvasElement;
  readonly padHint: HTMLElement;
  readonly time: HTMLElement;
  readonly timeWords: HTMLElement;
  readonly undo: HTMLButtonElement;
  readonly redo: HTMLButtonElement;
  readonly clear: HTMLButtonElement;
  readonly eraser: HTMLButtonElement;
  readonly openKeys: HTMLButtonElement;
  readonly toolbar: HTMLElement;
  readonly skip: HTMLButtonElement;
  readonly done: HTMLButtonElement;
  readonly next: HTMLButtonElement;
  readonly result: HTMLElement;
  readonly round: HTMLElement;
  readonly roundBody: HTMLElement;
  readonly again: HTMLButtonElement;
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
    place: getElement("place", HTMLElement),
    dots: getElement("dots", HTMLElement),
    otherMode: getElement("other-mode", HTMLAnchorElement),
    picture: button("picture"),
    prompt: getElement("prompt", HTMLElement),
    pad: getElement("pad", HTMLCanvasElement),
    padHint: getElement("pad-hint", HTMLElement),
    time: getElement("time", HTMLElement),
    timeWords: getElement("time-words", HTMLElement),
    undo: button("undo"),
    redo: button("redo"),
    clear: button("clear"),
    eraser: button("eraser"),
    openKeys: button("open-keys"),
    toolbar: getWithin(document, ".tools", HTMLElement),
    skip: button("skip"),
    done: button("done"),
    next: button("next"),
    result: getElement("result", HTMLElement),
    round: getElement("round", HTMLElement),
    roundBody: getWithin(document, "#round .body", HTMLElement),
    again: button("again"),
    guesses: { list: getElement("guesses", HTMLElement), hint: getElement("hint", HTMLElement) },
    topGuess: getElement("top-guess", HTMLElement),
    seen: getElement("seen", HTMLCanvasElement),
    seenFigure: getWithin(document, ".seen", HTMLElement),
    modelVersion: getElement("model-version", HTMLElement),
    backend: getElement("backend", HTMLElement),
  };
}
