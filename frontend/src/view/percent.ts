/** Write a share (0..1) as whole percent; the space keeps number and sign on one line. */
export function sayPercent(share: number): string {
  return `${Math.round(share * 100)}\u00a0%`;
}
