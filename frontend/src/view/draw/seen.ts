/** A bitmap, its shape and its bytes. */
export interface Bitmap {
  /** uint8, shape (height, width) flattened row-major; 0 paper, 255 ink. */
  readonly bitmap: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Show the bitmap the network sees, as it sees it.
 *
 * @param canvas one canvas pixel a bitmap pixel; CSS makes it larger.
 */
export function showBitmap(canvas: HTMLCanvasElement, { bitmap, height, width }: Bitmap): void {
  canvas.width = width;
  canvas.height = height;
  const pixels = new ImageData(width, height);
  // Ink as opacity of black: CSS turns it over in the dark theme.
  bitmap.forEach((ink, index) => {
    pixels.data[index * 4 + 3] = ink;
  });
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
}
