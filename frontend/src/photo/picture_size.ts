/** How large a picture says it is, in pixels, as it is stored: before its orientation is applied. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}
