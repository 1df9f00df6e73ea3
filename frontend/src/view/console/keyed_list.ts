/**
 * Bring a list's elements in line with items, keeping the element of an item that stays: what is open stays open, what
 * has the focus keeps it, and bars move instead of jumping.
 *
 * @param keyOf names an item; unique in the list.
 * @param makeElement an empty element for a new item.
 * @param fillElement writes the item into its element.
 */
export function showKeyed<Item>(
  list: HTMLElement,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  makeElement: () => HTMLElement,
  fillElement: (element: HTMLElement, item: Item) => void,
): void {
  const old = new Map(
    Array.from(list.children, (child) => [(child as HTMLElement).dataset["key"], child as HTMLElement]),
  );
  const keys = items.map(keyOf);
  const staying = new Set(keys);
  // First of all: otherwise everything behind one that is gone would be moved.
  for (const [key, element] of old) if (key === undefined || !staying.has(key)) element.remove();
  items.forEach((item, index) => {
    const key = keys[index] ?? "";
    const element = old.get(key) ?? makeElement();
    if (element.dataset["key"] !== key) element.dataset["key"] = key;
    fillElement(element, item);
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
}
