/**
 * Bring a slot's elements in line with others, place by place, keeping what is equal already: what has the focus keeps
 * it, what is selected stays so, and a press that began on a button ends on it. An equal element stands for the other
 * one's listeners too.
 */
export function keepEqual(slot: HTMLElement, wanted: readonly HTMLElement[]): void {
  wanted.forEach((element, place) => {
    const shown = slot.children[place];
    if (shown === undefined) slot.append(element);
    else if (!shown.isEqualNode(element)) shown.replaceWith(element);
  });
  while (slot.childElementCount > wanted.length) slot.lastElementChild?.remove();
}
