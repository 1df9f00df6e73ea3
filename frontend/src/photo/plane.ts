/** What a picture is on its way to strokes. All are row-major; what each step does is decision 0049's. */

/** As a browser decodes it. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** uint8, shape (height, width, 4): red, green, blue, alpha; not premultiplied. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Without alpha. */
export interface Colours {
  readonly width: number;
  readonly height: number;
  /** uint8, shape (height, width, 3): red, green, blue. */
  readonly values: Uint8Array;
}

/** One whole number a pixel. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** int32, shape (height, width). */
  readonly values: Int32Array;
}

/** Which pixels are meant. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  /** uint8, shape (height, width): 1 or 0. */
  readonly values: Uint8Array;
}
