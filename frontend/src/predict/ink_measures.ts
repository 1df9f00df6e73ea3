/** What tells pen lines from photos and noise, whoever drew and whatever it shows. */
export interface InkMeasures {
  /** Steps between neighbouring pixels, in rows and columns, over the ink: high for specks, low for areas. */
  readonly edges: number;
  /** Distance of each pixel from the nearer of paper and full ink, over the ink: high for shades. */
  readonly grey: number;
}

/**
 * Measure a bitmap as doodle_db.rejection does: each number is one division of whole numbers.
 *
 * @param bitmap uint8, shape (height, width) flattened row-major; 0 paper, 255 ink. Around it is paper.
 * @param width of the bitmap, in pixels.
 */
export function measureInk(bitmap: Uint8Array, width: number): InkMeasures {
  let [ink, steps, shades] = [0, 0, 0];
  bitmap.forEach((pixel, index) => {
    const isLeftmost = index % width === 0;
    const isRightmost = (index + 1) % width === 0;
    steps += Math.abs(pixel - (isLeftmost ? 0 : pixelAt(bitmap, index - 1)));
    steps += Math.abs(pixel - pixelAt(bitmap, index - width));
    if (isRightmost) steps += pixel;
    if (index + width >= bitmap.length) steps += pixel;
    shades += Math.min(pixel, 255 - pixel);
    ink += pixel;
  });
  const divisor = Math.max(ink, 1);
  return { edges: steps / divisor, grey: shades / divisor };
}

function pixelAt(bitmap: Uint8Array, index: number): number {
  return bitmap[index] ?? 0;
}
