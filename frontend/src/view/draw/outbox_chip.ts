/** Say how many drawings wait to be sent; nothing when none does. */
export function showWaiting(chip: HTMLElement, numDoodles: number): void {
  chip.hidden = numDoodles === 0;
  chip.textContent = numDoodles === 0 ? "" : sayWaiting(numDoodles);
}

function sayWaiting(numDoodles: number): string {
  return numDoodles === 1 ? "1 drawing waits to be sent" : `${numDoodles} drawings wait to be sent`;
}
