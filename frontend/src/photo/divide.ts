/** Divide and round down, towards minus infinity; exact for whole numbers below 2^53. */
export function divide(dividend: number, divisor: number): number {
  return Math.floor(dividend / divisor);
}
