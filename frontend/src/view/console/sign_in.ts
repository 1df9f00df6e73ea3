/** Signing in: by the code in the page's address, or by one that is pasted. */
import { RefusedError, UnreachableError } from "../../server/http.ts";
import type { OperatorClient } from "../../server/operator.ts";
import { getElement, getWithin } from "../element.ts";

/**
 * Take the one-time code out of the address, at once: neither the history nor a shared link may keep it.
 *
 * @returns undefined when the address has none.
 */
export function takeCode(place: Location, history: History): string | undefined {
  const code = new URLSearchParams(place.hash.slice(1)).get("sign-in");
  if (code === null) return undefined;
  history.replaceState(null, "", place.pathname + place.search);
  return code;
}

export class SignIn {
  private readonly client: OperatorClient;
  private readonly onSignedIn: () => Promise<void>;
  private readonly section = getElement("sign-in", HTMLElement);
  private readonly form = getElement("sign-in-form", HTMLFormElement);
  private readonly code = getElement("code", HTMLInputElement);
  private readonly error = getElement("sign-in-error", HTMLElement);

  /** @param onSignedIn shows the page to who has signed in; may throw RefusedError or UnreachableError. */
  constructor(client: OperatorClient, onSignedIn: () => Promise<void>) {
    this.client = client;
    this.onSignedIn = onSignedIn;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.exchange(this.code.value.trim());
    });
  }

  /** Show the form. */
  open(words = ""): void {
    this.section.hidden = false;
    this.error.textContent = words;
    this.code.value = "";
    this.code.focus();
  }

  /** Exchange a code for the session; a refused one opens the form with the reason. */
  async exchange(code: string): Promise<void> {
    const button = getWithin(this.form, "button", HTMLButtonElement);
    button.disabled = true;
    try {
      await this.client.signIn(code);
    } catch (error) {
      return this.open(
        error instanceof RefusedError ? error.message : "The server does not answer. Try again in a moment.",
      );
    } finally {
      button.disabled = false;
    }
    await this.enter();
  }

  /** By now the code is used up and the session there: what fails here is not mended by the same code again. */
  private async enter(): Promise<void> {
    this.section.hidden = true;
    try {
      await this.onSignedIn();
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof UnreachableError)) throw error;
      this.open("The code was taken, but then the server did not answer. Load the page again in a moment.");
    }
  }
}
