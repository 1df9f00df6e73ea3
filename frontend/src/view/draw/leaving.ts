/** Has the browser ask before the page is closed, as long as closing it would lose drawings. */
export class Leaving {
  private readonly page: Pick<Window, "addEventListener" | "removeEventListener">;

  constructor(page: Pick<Window, "addEventListener" | "removeEventListener">) {
    this.page = page;
  }

  /** Listened to only meanwhile: a page that asks is not kept by the browser for the way back. */
  guard(hasSomethingToLose: boolean): void {
    if (hasSomethingToLose) this.page.addEventListener("beforeunload", ask);
    else this.page.removeEventListener("beforeunload", ask);
  }
}

function ask(event: Event): void {
  event.preventDefault();
}
