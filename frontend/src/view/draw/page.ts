/** The draw page's story: ask, draw, guess along, done, corrected, next; five drawings are a round. */
import { say } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";
import type { Drawing } from "../../pad/history.ts";
import type { Label, Manifest } from "../../predict/manifest.ts";
import type { LoadedModel } from "../../predict/model.ts";
import type { DrawnLabel } from "../../server/labels.ts";
import type { OthersDrawings } from "../../server/others_drawings.ts";
import { Easel, type EaselSurroundings } from "./easel.ts";
import type { DrawElements } from "./elements.ts";
import type { ModelListener } from "./following.ts";
import * as game from "./game.ts";
import { FREE_ADDRESS, GameView } from "./game_view.ts";
import { listenForKeysHelp } from "./keys_door.ts";
import type { LabelListener } from "./offering.ts";
import type { PreferenceStore } from "./preferences.ts";
import { Prompts } from "./prompts.ts";
import { ResultPanel } from "./result_panel.ts";
import { sayCorrection, sayFreeGuess, sayResult } from "./result_words.ts";
import { openRound, prefetchRound } from "./round_door.ts";
import { Sending, type SendingSurroundings, type Sent } from "./sending.ts";
import { listenToKeys } from "./shortcuts.ts";
import { showTime } from "./time_bar.ts";
import { DRAWING_SECONDS } from "./timer.ts";
import { Toolbar } from "./toolbar.ts";

export interface DrawSurroundings extends EaselSurroundings, Omit<SendingSurroundings, "isStoring"> {
  readonly preferences: PreferenceStore;
  /** In [0, 1). */
  readonly chance: () => number;
  /** Says something quietly. */
  readonly notify: (words: string) => void;
  readonly othersDrawings: OthersDrawings;
}

export class DrawPage implements ModelListener, LabelListener {
  private readonly elements: DrawElements;
  private readonly around: DrawSurroundings;
  private readonly easel: Easel;
  private readonly toolbar: Toolbar;
  private readonly sending: Sending;
  private readonly prompts: Prompts;
  private readonly result: ResultPanel;
  private readonly view: GameView;
  private game = game.NEW_GAME;
  private manifest: Manifest | undefined;
  /** What the result on show is about, if it can be corrected. */
  private correctable: game.Drawn | undefined;

  constructor(elements: DrawElements, around: DrawSurroundings) {
    this.elements = elements;
    this.around = around;
    this.prompts = new Prompts(around.chance);
    this.result = new ResultPanel(elements.result);
    this.view = new GameView(elements);
    this.sending = new Sending({ ...around, isStoring: () => around.preferences.current.isStoring });
    this.easel = new Easel(elements, around, {
      onChange: () => this.update(),
      onFull: () => around.notify(say("page.sheet_full")),
      onTimeUp: () => this.update(),
    });
    this.toolbar = new Toolbar(elements, this.easel.pad, this.hasLetterKeys);
    this.listen();
  }

  /** Learn the model's labels and the input's shape: all it takes to draw. The drawing in progress stays. */
  know(manifest: Manifest): void {
    this.manifest = manifest;
    this.prompts.know(manifest.labels);
    if (this.isWaiting) this.begin();
    this.askAnother();
    this.easel.know(manifest);
  }

  /** Ask for these labels, whether the model knows them or not; those that are new come next. */
  offer(labels: readonly DrawnLabel[]): readonly DrawnLabel[] {
    const added = this.prompts.offer(labels);
    this.askAnother();
    return added;
  }

  /** Guess with this model from now on, the drawing in progress first. */
  guessWith({ manifest, network }: LoadedModel): void {
    this.elements.modelVersion.textContent = manifest.version;
    tell(this.elements.backend, () => say("page.on_backend", { backend: network.backend }));
    this.know(manifest);
  }

  /** True until the first manifest is known. */
  get isWaiting(): boolean {
    return this.game.phase === "waiting";
  }

  /** Say why there is nothing to draw yet. */
  wait(headline: string, words: string): void {
    tell(this.elements.prompt, () => headline);
    tell(this.elements.guesses.hint, () => words);
  }

  /** Whether a drawing may be put on the pad now. */
  get canPlace(): boolean {
    return this.game.phase === "drawing";
  }

  /** Put a whole drawing on the pad in one step, and guess it. Resolves when that is done, or cannot be. */
  async place(drawing: Drawing): Promise<void> {
    if (this.canPlace) await this.easel.place(drawing);
  }

  private readonly hasLetterKeys = () => this.around.preferences.current.hasLetterKeys;

  private change(next: game.Game): void {
    this.game = next;
    this.view.show(next);
    this.update();
  }

  /** Begin in the mode that the address names. */
  private begin(): void {
    if (location.hash === FREE_ADDRESS) this.change(game.drawFreely(this.game));
    else this.ask(game.playRounds(this.game));
  }

  private ask(from: game.Game): void {
    const asked = [...from.drawn.map(({ label }) => label.name), ...(from.asked ? [from.asked.name] : [])];
    const label = this.prompts.next(asked);
    if (label) this.change(game.ask(from, label));
  }

  /** What is asked for is gone, withdrawn or of another label set: ask for something else. */
  private askAnother(): void {
    const { phase, asked } = this.game;
    if (phase === "drawing" && asked && !this.prompts.includes(asked.name)) this.ask(this.game);
  }

  private async done(): Promise<void> {
    const { manifest } = this;
    if (!manifest || this.elements.done.disabled) return;
    this.change(game.finish(this.game));
    const limitSeconds = this.around.preferences.current.hasTimer ? DRAWING_SECONDS : undefined;
    const finished = { ...(await this.easel.finish(manifest)), limitSeconds };
    const { asked } = this.game;
    if (asked) await this.keep(finished, asked);
    else this.askForName(finished);
  }

  /** A free drawing says what it is afterwards; where nothing is stored, nobody needs to know. */
  private askForName(finished: game.Finished): void {
    if (!this.around.preferences.current.isStoring) {
      return this.conclude(() => `${sayFreeGuess(finished)} ${say("game.unsent")}`);
    }
    this.change(game.askForName(this.game));
    this.result.open(() => sayFreeGuess(finished));
    const guessed = finished.guess?.unknown ? undefined : finished.guess?.ranked[0]?.label.name;
    this.result.askForName(this.prompts.labels, guessed, (label) => {
      if (label) void this.keep(finished, label);
      else this.conclude(() => say("game.none_stored"));
    });
  }

  private async keep(finished: game.Finished, label: Label): Promise<void> {
    this.change(game.finish(this.game));
    try {
      const sent = await this.sending.send(finished, label);
      this.showResult(sent, { ...finished, label, canBeGuessed: this.prompts.canBeGuessed(label.name) });
    } catch (error) {
      this.goOnDrawing();
      throw error;
    }
  }

  /** The browser could not even keep the drawing: leave it on the pad, so that nothing is lost. */
  private goOnDrawing(): void {
    this.result.close();
    this.change(game.goOnDrawing(this.game));
    this.easel.goOn();
    this.around.notify(say("page.not_kept"));
  }

  private showResult({ id, outcome }: Sent, drawn: game.Drawn): void {
    this.conclude(() => sayResult(outcome, drawn), drawn);
    if (outcome.kind === "stored" || outcome.kind === "waiting") this.offerCorrections(id, drawn);
  }

  private conclude(words: () => string, drawn?: game.Drawn): void {
    this.change(game.conclude(this.game, drawn));
    this.result.open(words);
    this.elements.next.focus({ preventScroll: true });
    prefetchRound();
  }

  private offerCorrections(id: string, drawn: game.Drawn): void {
    this.correctable = drawn;
    this.result.offer(this.prompts.labels, drawn.label.name, (label) => {
      void this.correct(id, drawn, label);
    });
  }

  private async correct(id: string, drawn: game.Drawn, label: Label): Promise<void> {
    const delivery = await this.sending.correct(id, label);
    const isShown = this.correctable === drawn;
    if (isShown) this.result.say(() => sayCorrection(delivery, label));
    if (delivery.kind === "refused") return;
    const corrected = { ...drawn, label, canBeGuessed: this.prompts.canBeGuessed(label.name) };
    this.change(game.correct(this.game, drawn, corrected));
    if (isShown) this.offerCorrections(id, corrected);
  }

  private next(): void {
    if (this.game.phase === "done" && this.game.mode === "round" && game.isRoundFull(this.game)) {
      return this.closeRound();
    }
    this.takeFreshSheet();
    this.begin();
    this.elements.pad.focus({ preventScroll: true });
  }

  private takeFreshSheet(): void {
    this.correctable = undefined;
    this.result.close();
    this.easel.startOver();
  }

  private closeRound(): void {
    this.takeFreshSheet();
    this.change(game.closeRound(this.game));
    this.elements.prompt.focus();
    void openRound(this.elements.roundBody, this.game.drawn, this.around.othersDrawings);
  }

  private skip(): void {
    if (this.elements.skip.disabled) return;
    this.easel.startOver();
    this.ask(this.game);
  }

  /** The address names another mode: go there, with what is being drawn; a drawing that is finished stays behind. */
  private followAddress(): void {
    const { phase, mode } = this.game;
    const isFree = location.hash === FREE_ADDRESS;
    // What is being stored is stored first; the next drawing follows the address.
    if (phase === "waiting" || phase === "storing" || isFree === (mode === "free")) return;
    if (phase !== "drawing") this.takeFreshSheet();
    if (!isFree && game.isRoundFull(this.game)) {
      this.game = game.playRounds(this.game);
      this.closeRound();
    } else this.begin();
  }

  private listen(): void {
    const { skip, done, next, again } = this.elements;
    skip.addEventListener("click", () => this.skip());
    done.addEventListener("click", () => void this.done());
    next.addEventListener("click", () => this.next());
    again.addEventListener("click", () => this.next());
    listenToKeys({ enter: () => this.enter(), skip: () => this.skip() }, this.hasLetterKeys);
    listenForKeysHelp(this.elements.openKeys, this.hasLetterKeys, this.around.notify);
    addEventListener("hashchange", () => this.followAddress());
    this.around.preferences.onChange(() => this.update());
  }

  private enter(): void {
    const { phase } = this.game;
    if (phase === "done" || phase === "round") this.next();
    else if (phase === "drawing") void this.done();
  }

  private update(): void {
    const { picture, skip, done, padHint } = this.elements;
    const { pad, timer } = this.easel;
    const drawing = this.game.phase === "drawing";
    this.toolbar.update(drawing);
    picture.disabled = !this.canPlace;
    skip.disabled = !drawing || this.game.mode === "free";
    done.disabled = !drawing || pad.isEmpty;
    padHint.hidden = !pad.isEmpty;
    showTime(this.elements, timer, this.game.mode === "round" && this.around.preferences.current.hasTimer);
  }
}
