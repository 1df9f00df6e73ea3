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
  items.forEach((item, index) => {
    const key = keyOf(item);
    const element = old.get(key) ?? makeElement();
    old.delete(key);
    element.dataset["key"] = key;
    fillElement(element, item);
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
  for (const gone of old.values()) gone.remove();
}
