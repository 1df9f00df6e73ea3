/** How bright a colour is, 0..255. */
export function findLuma(red: number, green: number, blue: number): number {
  return (77 * red + 150 * green + 29 * blue + 128) >> 8;
}
