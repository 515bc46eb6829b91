/** The shapes of problem pins: octagon must, triangle should, circle repaired. Same in list and map. */
const NS = "http://www.w3.org/2000/svg";

const SHAPES = {
  error: "M10 2h10l8 8v10l-8 8H10l-8-8V10z",
  warning: "M15 3 28 27H2z",
  repaired: "M15 3a12 12 0 1 1 0 24 12 12 0 0 1 0-24z",
};

function element(tag, attributes) {
  const node = document.createElementNS(NS, tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  return node;
}

export function pinSymbol(kind, number) {
  const svg = element("svg", { viewBox: "0 0 30 30", class: `problem-pin ${kind}`, "aria-hidden": "true" });
  const text = element("text", { x: 15, y: kind === "warning" ? 23 : 19.5 });
  text.textContent = number;
  svg.append(element("path", { d: SHAPES[kind] ?? SHAPES.warning }), text);
  return svg;
}
