/** Searches: what is to be tried, what goes on, what was found; a list with a form, and a page for each. */
import type { Progress } from "../../../server/operator.ts";
import { type Extension, type Search, SearchesClient, type Trial } from "../../../server/searches.ts";
import { getWithin } from "../../element.ts";
import { ask, order, sayFailure } from "../shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "../shell/view.ts";
import { type Fault, listFaults } from "./configuration_text.ts";
import { takeFromPage } from "./dropping.ts";
import { ExtendDialog } from "./extend_dialog.ts";
import { NewSearch } from "./new_search.ts";
import { repeatWhenAsked } from "./repeat.ts";
import { SearchList } from "./search_list.ts";
import { SearchPage } from "./search_page.ts";
import { sayName } from "./search_words.ts";
import { findSearchKey, searchAddress } from "./searches_address.ts";

export function makeSearchesView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new SearchesView(section, around);
}

const TITLE = "Searches";

class SearchesView implements ConsoleView {
  readonly on = {
    search: (data: unknown) => this.hearSearch(data as { readonly key: string }),
    run: (data: unknown) => this.hearRun(data as HeardRun),
  };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly client: SearchesClient;
  private readonly title: HTMLElement;
  private readonly form: NewSearch;
  private readonly list = new SearchList();
  private readonly page: SearchPage;
  private readonly dialog = new ExtendDialog();
  private readonly learn: () => void;
  private key: string | undefined;
  private search: Search | undefined;
  private trials: readonly Trial[] = [];
  private progress = new Map<string, Progress>();
  private stopTaking: (() => void) | undefined;

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.client = new SearchesClient(around.request);
    this.title = getWithin(section, "h1", HTMLElement);
    this.form = new NewSearch(this.client, around, (key) => around.goTo(searchAddress(key)));
    this.page = new SearchPage({
      onStop: () => void this.give("The search stops; it can be resumed.", (key) => this.client.stop(key)),
      onResume: () => void this.give("The search goes on.", (key) => this.client.resume(key)),
      onExtend: () => this.extend(),
      onCandidate: (trial) => this.makeCandidate(trial),
    });
    this.learn = repeatWhenAsked(() => this.fetch());
    section.append(this.form.element, this.list.element, this.page.element, this.dialog.element);
  }

  open(hash: string): void {
    const key = findSearchKey(hash);
    const isAnother = key !== this.key;
    this.key = key;
    if (isAnother) this.forget();
    this.page.element.hidden = key === undefined;
    this.form.element.hidden = this.list.element.hidden = key !== undefined;
    if (isAnother) this.title.focus();
    this.stopTaking?.();
    this.stopTaking = undefined;
    if (key === undefined) {
      void this.form.open();
      this.stopTaking = this.takeFiles();
    }
    this.refresh();
  }

  close(): void {
    this.stopTaking?.();
    this.stopTaking = undefined;
    this.key = undefined;
    this.forget();
    this.form.close();
    this.list.clear();
    this.dialog.close();
  }

  refresh(): void {
    this.learn();
  }

  /** Times move on; what waits for a worker is told of by nobody. */
  look(): void {
    this.learn();
  }

  private takeFiles(): () => void {
    return takeFromPage({
      onFile: (file) => void this.form.take(file),
      onText: (text) => void this.form.takeText(text, "what was pasted"),
      onHover: (isOver) => this.section.classList.toggle("dropping", isOver),
    });
  }

  private forget(): void {
    this.search = undefined;
    this.trials = [];
    this.progress.clear();
    this.page.clear();
    this.title.textContent = TITLE;
  }

  private async fetch(): Promise<void> {
    if (this.key === undefined) await this.fetchList();
    else await this.fetchSearch(this.key);
  }

  private async fetchList(): Promise<void> {
    const searches = await ask(this.around, () => this.client.list());
    if (searches && this.key === undefined && !this.section.hidden)
      this.list.show(searches, this.around.now());
  }

  private async fetchSearch(key: string): Promise<void> {
    try {
      const [search, trials] = await Promise.all([this.client.getSearch(key), this.client.listTrials(key)]);
      if (this.key !== key) return;
      this.around.showConnection(true);
      [this.search, this.trials] = [search, trials];
      this.title.textContent = sayName(search);
      this.show();
    } catch (error) {
      const words = sayFailure(error, this.around.onSignedOut);
      if (words === undefined || this.key !== key) return;
      if (this.search === undefined) this.page.complain(words);
      else this.around.showConnection(false);
    }
  }

  private show(): void {
    if (this.search) this.page.show(this.search, this.trials, this.progress, this.around.now());
  }

  private hearSearch({ key }: { readonly key: string }): void {
    if (this.key === undefined || this.key === key) this.learn();
  }

  /** A run tells its progress several times a second; whether it ended, its search tells. */
  private hearRun({ key, search, progress }: HeardRun): void {
    if (search === null || search === undefined || search !== this.key) return;
    if (progress) this.progress.set(key, progress);
    this.show();
  }

  private extend(): void {
    const { search } = this;
    if (search) this.dialog.ask(search, (extension) => this.extendBy(search.key, extension));
  }

  private async extendBy(key: string, extension: Extension): Promise<readonly Fault[]> {
    try {
      await this.client.extend(key, extension);
      this.around.notify("The search is extended.");
      this.refresh();
      return [];
    } catch (error) {
      const words = sayFailure(error, this.around.onSignedOut);
      return listFaults(error) ?? (words === undefined ? [] : [{ name: "", words }]);
    }
  }

  /** @param trial -1: the best. */
  private makeCandidate(trial: number): void {
    const wanted = trial < 0 ? this.search?.best?.trial : trial;
    if (wanted === undefined) return;
    const words =
      "A run trains with its parameters from first weights, and goes through the same gate as any: only if it is no worse than what is live, it is published.";
    const question = { title: `Make trial ${wanted} a candidate?`, words, action: "Order the run" };
    this.around.reason.ask(question, (reason) => {
      void this.give("A run is ordered; it stands under Runs.", (key) =>
        this.client.makeCandidate(key, wanted, reason),
      );
    });
  }

  private async give(done: string, act: (key: string) => Promise<unknown>): Promise<void> {
    const { key } = this;
    if (key === undefined) return;
    await order(this.around, done, () => act(key));
    if (!this.section.hidden) this.refresh();
  }
}

interface HeardRun {
  readonly key: string;
  readonly search?: string | null;
  readonly progress: Progress | null;
}
