/** The icons: 16-unit outlines, one stroke, drawn here and nowhere else. */
const PATHS = {
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.3 10.3 14 14",
  layers: "M8 2 2 5.2 8 8.4l6-3.2L8 2ZM2.4 8.2 8 11.1l5.6-2.9M2.4 11 8 13.9l5.6-2.9",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  chevron: "M6 3.5 10.5 8 6 12.5",
  back: "M10 3.5 5.5 8l4.5 4.5",
  globe: "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM1.8 8h12.4M8 1.8c2.2 1.8 3.2 3.9 3.2 6.2S10.2 12.4 8 14.2C5.8 12.4 4.8 10.3 4.8 8S5.8 3.6 8 1.8Z",
  up: "M3.5 10 8 5.5l4.5 4.5",
  grip: "M5.8 3.5h.1M10.2 3.5h.1M5.8 8h.1M10.2 8h.1M5.8 12.5h.1M10.2 12.5h.1",
  stack: "M4.5 13V3M2 5.5 4.5 3 7 5.5M9.5 4h4.5M9.5 8h4.5M9.5 12h4.5",
  down: "M3.5 6 8 10.5 12.5 6",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  check: "M3 8.5l3.2 3.2L13 4.8",
  cursor: "M3.5 2.5 6.8 13l1.9-4.3L13 6.8 3.5 2.5Z",
  polygon: "M4 3.5 12 5l1 6.5-8.5 1.3L4 3.5ZM3 3.5a1 1 0 1 0 2 0 1 1 0 0 0-2 0M11 5a1 1 0 1 0 2 0 1 1 0 0 0-2 0M12 11.5a1 1 0 1 0 2 0 1 1 0 0 0-2 0M3.5 12.8a1 1 0 1 0 2 0 1 1 0 0 0-2 0",
  ruler: "M10.8 1.9 14.1 5.2 5.2 14.1 1.9 10.8 10.8 1.9ZM4.4 8.3l1.5 1.5M6.6 6.1l1.5 1.5M8.8 3.9l1.5 1.5",
  swipe: "M8 1.5v13M2.5 4h3.2v8H2.5zM10.3 4h3.2v8h-3.2z",
  chart: "M2 13.5h12M4 11V7.5M8 11V3.5M12 11V6",
  table: "M2.5 3h11v10h-11zM2.5 6.4h11M2.5 9.7h11M6.5 3v10",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  extent: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3",
  locate: "M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM8 1v3M8 12v3M1 8h3M12 8h3M8 7.3a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4Z",
  pin: "M8 14.2S3.4 10 3.4 6.4a4.6 4.6 0 0 1 9.2 0C12.6 10 8 14.2 8 14.2ZM8 4.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  download: "M8 2v8.2M4.6 7 8 10.4 11.4 7M2.5 13.5h11",
  upload: "M8 10.5V2.3M4.6 5.4 8 2l3.4 3.4M2.5 13.5h11",
  image: "M2.5 3h11v10h-11zM2.8 11.5l3.4-3.6 2.5 2.5 1.8-1.8 2.7 2.7M10.5 5.4a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6",
  document: "M4 1.8h5.5L12.5 5v9.2H4zM9.3 2v3.2h3M6 8h4.5M6 10.8h4.5",
  train: "M4.5 2.5h7a1 1 0 0 1 1 1v6.2a1.3 1.3 0 0 1-1.3 1.3H4.8a1.3 1.3 0 0 1-1.3-1.3V3.5a1 1 0 0 1 1-1ZM3.6 7h8.8M5.6 9.1h.1M10.3 9.1h.1M5.5 11 4 13.8M10.5 11l1.5 2.8",
  sun: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6ZM8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1",
  moon: "M13.2 9.6A5.7 5.7 0 0 1 6.4 2.8a5.7 5.7 0 1 0 6.8 6.8Z",
  more: "M3.3 8h.1M8 8h.1M12.7 8h.1",
  share: "M9.5 2.8H13v3.5M13 2.8 7.6 8.2M6.5 3.5h-4v10h10v-4",
  info: "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8ZM8 7.2v3.9M8 4.8v.1",
  warning: "M8 2.2 14.4 13.4H1.6L8 2.2ZM8 6.6v3.2M8 11.5v.1",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Z",
  history: "M2.4 8a5.6 5.6 0 1 0 1.7-4M2.3 2v2.9h2.9M8 5v3.3l2.2 1.3",
  user: "M8 2.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4ZM2.8 13.8c.5-2.6 2.5-4.2 5.2-4.2s4.7 1.6 5.2 4.2",
  key: "M10.2 2.3a3.5 3.5 0 1 1-2.6 5.9L2.3 13.5v.7M4.6 11.3l1.6 1.6M10.8 5.1v.1",
  undo: "M5.8 3 2.8 6l3 3M3 6h6a4 4 0 0 1 0 8H6.5",
  redo: "M10.2 3l3 3-3 3M13 6H7a4 4 0 0 0 0 8h2.5",
  trash: "M2.8 4.3h10.4M6 4V2.4h4V4M4.2 4.5l.6 9h6.4l.6-9",
  hatch: "M2 9 9 2M2 14 14 2M7 14l7-7",
  keyboard: "M1.5 4h13v8h-13zM4 6.6h.1M6.7 6.6h.1M9.3 6.6h.1M12 6.6h.1M4.5 9.5h7",
  seal: "M8 1.8l1.7 1.3 2.1.1.5 2 1.6 1.4-.8 2 .3 2.1-1.9.9-1 1.9-2.1-.4-2 .7-1.4-1.6-2-.7.1-2.1L1.9 7.5l1.2-1.7.2-2.1 2-.5L8 1.8ZM5.6 8l1.7 1.7 3.2-3.4",
  tray: "M8 2v6.2M5.4 5.8 8 8.4l2.6-2.6M2.5 9v4.5h11V9",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1",
  compare: "M2.5 3h4.5v10H2.5zM9 3h4.5v10H9z",
};
const NS = "http://www.w3.org/2000/svg";

export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children.flat().filter(Boolean));
  return element;
}

const drawn = new Map();

export function icon(name, large = false) {
  const key = `${name}${large}`;
  if (!drawn.has(key)) drawn.set(key, draw(name, large));
  return drawn.get(key).cloneNode(true); // a tree of layers has a hundred
}

function draw(name, large) {
  return svg("svg", {
    class: large ? "icon l" : "icon", viewBox: "0 0 16 16", fill: "none", stroke: "currentColor",
    "stroke-width": 1.3, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  }, svg("path", { d: PATHS[name] ?? PATHS.info }));
}

/** The mark: a compass rose over two banks of the river. */
export function mark() {
  return svg("svg", { class: "mark", viewBox: "0 0 28 28", "aria-hidden": "true" },
    svg("rect", { width: 28, height: 28, rx: 7, class: "mark-ground" }),
    svg("path", { d: "M14 5v9H5z", class: "mark-a" }),
    svg("path", { d: "M14 5l9 9h-9z", class: "mark-b" }),
    svg("path", { d: "M5 14h9v9z", class: "mark-c" }),
    svg("path", { d: "M23 14l-9 9v-9z", class: "mark-d" }));
}
