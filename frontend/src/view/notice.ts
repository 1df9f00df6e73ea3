/** One quiet line at the page's lower edge, for what happened without being asked for. */

const SHOWN_SECONDS = 7;

export class Notice {
  private readonly element: HTMLElement;
  private timer: number | undefined;

  /** @param element with role=status: its text is read out when it changes. */
  constructor(element: HTMLElement) {
    this.element = element;
  }

  show(words: string): void {
    this.element.textContent = words;
    this.element.classList.add("shown");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.element.classList.remove("shown"), SHOWN_SECONDS * 1000);
  }
}
