/** Making the elements of a picture. */

export function draw(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly (Node | string)[] = [],
): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Write a text. @param anchor which end of it is at x. */
export function write(text: string, x: number, y: number, anchor: "start" | "middle" | "end"): SVGElement {
  return draw("text", { x, y, "text-anchor": anchor }, [text]);
}

/** Write a text that is turned. @param degrees clockwise. */
export function writeTurned(
  text: string,
  x: number,
  y: number,
  degrees: number,
  anchor: "start" | "middle" | "end",
): SVGElement {
  return draw("g", { transform: `translate(${x} ${y}) rotate(${degrees})` }, [write(text, 0, 0, anchor)]);
}

/** A canvas of so many pixels; who cannot see it is told by what is around it. */
export function drawPicture(width: number, height: number, children: readonly Node[]): SVGElement {
  const attributes = {
    class: "chart",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    "aria-hidden": "true",
  };
  return draw("svg", attributes, children);
}
