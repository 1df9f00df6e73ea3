/** Why a picture was not read; the page has words for each. */
export type Refusal =
  | "empty"
  | "too_many_bytes"
  | "no_picture"
  | "too_many_pixels"
  | "too_long"
  | "broken"
  | "no_ink"
  | "no_reader";

/** The picture cannot be read; `refusal` says why. */
export class PhotoRefusedError extends Error {
  override name = "PhotoRefusedError";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`the picture was refused: ${refusal}`);
    this.refusal = refusal;
  }
}
