/** Joins the draw page's parts: where one draws, what comes next, what becomes of a drawing that is done. */
import { say } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";
import type { Drawing } from "../../pad/history.ts";
import type { Manifest } from "../../predict/manifest.ts";
import type { LoadedModel } from "../../predict/model.ts";
import type { DrawnLabel } from "../../server/labels.ts";
import type { OthersDrawings } from "../../server/others_drawings.ts";
import { Board } from "./board.ts";
import { Easel, type EaselSurroundings } from "./easel.ts";
import type { DrawElements } from "./elements.ts";
import { Finishing } from "./finishing.ts";
import type { ModelListener } from "./following.ts";
import { hasResult } from "./game.ts";
import { listenForKeysHelp } from "./keys_door.ts";
import type { LabelListener } from "./offering.ts";
import type { PreferenceStore } from "./preferences.ts";
import { Prompts } from "./prompts.ts";
import { ResultPanel } from "./result_panel.ts";
import { Sending, type SendingSurroundings } from "./sending.ts";
import { listenToKeys } from "./shortcuts.ts";
import { showTime } from "./time_bar.ts";
import { Toolbar } from "./toolbar.ts";
import { Turns } from "./turns.ts";
import { makeUnseenWords } from "./unseen_words.ts";

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
  private readonly board: Board;
  private readonly prompts: Prompts;
  private readonly easel: Easel;
  private readonly toolbar: Toolbar;
  private readonly turns: Turns;
  private readonly finishing: Finishing;
  private manifest: Manifest | undefined;

  constructor(elements: DrawElements, around: DrawSurroundings) {
    this.elements = elements;
    this.around = around;
    const { preferences, notify, othersDrawings } = around;
    const result = new ResultPanel(elements.result);
    const sending = new Sending({ ...around, isStoring: () => preferences.current.isStoring });
    this.prompts = new Prompts(around.chance);
    this.board = new Board(elements, () => this.update());
    this.easel = new Easel(elements, around, {
      onChange: () => this.update(),
      onFull: () => notify(say("page.sheet_full")),
      onTimeUp: () => this.update(),
    });
    this.toolbar = new Toolbar(elements, this.easel.pad, this.hasLetterKeys);
    const { board, easel, prompts } = this;
    const { next } = elements;
    const sayAsked = makeUnseenWords("asked-words", elements.prompt);
    this.turns = new Turns({ board, easel, prompts, result, elements, othersDrawings, sayAsked });
    this.finishing = new Finishing({ board, easel, prompts, result, sending, next, preferences, notify });
    this.listen();
  }

  /** Learn the model's labels and the input's shape: all it takes to draw. The drawing in progress stays. */
  know(manifest: Manifest): void {
    this.manifest = manifest;
    this.prompts.know(manifest.labels);
    if (this.isWaiting) this.begin();
    this.turns.askAnother();
    this.easel.know(manifest);
  }

  /** Ask for these labels, whether the model knows them or not; those that are new come next. */
  offer(labels: readonly DrawnLabel[]): readonly DrawnLabel[] {
    const added = this.prompts.offer(labels);
    this.turns.askAnother();
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
    return this.board.game.phase === "waiting";
  }

  /** Say why there is nothing to draw yet. */
  wait(headline: string, words: string): void {
    tell(this.elements.prompt, () => headline);
    tell(this.elements.guesses.hint, () => words);
  }

  /** Whether a drawing may be put on the pad now. */
  get canPlace(): boolean {
    return this.board.game.phase === "drawing";
  }

  /** Put a whole drawing on the pad in one step, and guess it. Resolves when that is done, or cannot be. */
  async place(drawing: Drawing): Promise<void> {
    if (this.canPlace) await this.easel.place(drawing);
  }

  private readonly hasLetterKeys = () => this.around.preferences.current.hasLetterKeys;

  /** Who has drawn already has not yet been asked for anything: their time begins now. */
  private begin(): void {
    this.easel.timer.reset();
    this.turns.begin();
  }

  private done(): void {
    if (this.manifest && !this.elements.done.disabled) void this.finishing.finish(this.manifest);
  }

  private skip(): void {
    if (!this.elements.skip.disabled) this.turns.skip();
  }

  private enter(): void {
    if (hasResult(this.board.game)) this.turns.next();
    else this.done();
  }

  private listen(): void {
    const { skip, done, next, again, openKeys } = this.elements;
    skip.addEventListener("click", () => this.skip());
    done.addEventListener("click", () => this.done());
    next.addEventListener("click", () => this.turns.next());
    again.addEventListener("click", () => this.turns.next());
    listenToKeys({ enter: () => this.enter(), skip: () => this.skip() }, this.hasLetterKeys);
    listenForKeysHelp(openKeys, this.hasLetterKeys, this.around.notify);
    this.around.preferences.onChange(() => this.update());
  }

  private update(): void {
    const { picture, skip, done, padHint } = this.elements;
    const { pad, timer } = this.easel;
    const { phase, mode } = this.board.game;
    const isDrawing = phase === "drawing";
    this.toolbar.update(isDrawing);
    picture.disabled = !this.canPlace;
    skip.disabled = !isDrawing || mode === "free";
    done.disabled = !isDrawing || pad.isEmpty;
    padHint.hidden = !pad.isEmpty;
    showTime(this.elements, timer, mode === "round" && this.around.preferences.current.hasTimer);
  }
}
