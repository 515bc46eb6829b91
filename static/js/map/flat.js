/** What the map's canvases show, put together as one picture. */
const PARTS = ".leaflet-map-pane canvas, .leaflet-map-pane img.leaflet-tile-loaded";

/** The panes and containers that an element lies in, from its own outwards. */
function* around(element) {
  for (let at = element; !at.classList.contains("leaflet-map-pane"); at = at.parentElement) yield at;
}

const heights = (element) => [...around(element)].reverse().map((at) => Number(at.style.zIndex) || 0);

/** By the heights of what they lie in, outermost first; of equals the later lies over. */
function above(a, b) {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}

/** From where to where a clipped pane is seen: edges upright, as a divider cuts it. */
function cutOf(element, corner) {
  const cuts = [...around(element)].map((at) => at.style.clipPath.match(/-?[\d.]+(?=px)/g)?.map(Number)).filter(Boolean);
  return cuts.map((n) => [corner.x + Math.min(n[0], n[2]), corner.y + Math.min(n[1], n[5]), Math.abs(n[2] - n[0]), Math.abs(n[5] - n[1])]);
}

/** How a part is put where it lies now. */
function pieceOf(part, frame, corner) {
  const r = part.getBoundingClientRect();
  const cuts = cutOf(part, corner);
  const alpha = [...around(part)].reduce((product, at) => product * (at.style.opacity === "" ? 1 : Number(at.style.opacity)), 1);
  const filter = part.tagName === "IMG" ? getComputedStyle(part.closest(".leaflet-pane")).filter : null;
  return (ctx) => {
    ctx.save();
    ctx.beginPath();
    for (const cut of cuts) {
      ctx.rect(...cut);
      ctx.clip();
    }
    ctx.globalAlpha = alpha;
    if (filter) ctx.filter = filter;
    ctx.drawImage(part, r.left - frame.left, r.top - frame.top, r.width, r.height);
    ctx.restore();
  };
}

const hidden = (part) => [...around(part)].some((at) => at.style.display === "none");

/** Everything below a height, lowest first: each puts itself onto a context whose origin is the frame's corner. */
export function piecesOf(box, { below = Infinity } = {}) {
  const frame = box.getBoundingClientRect();
  const pane = box.querySelector(".leaflet-map-pane").getBoundingClientRect();
  const corner = { x: pane.left - frame.left, y: pane.top - frame.top };
  const parts = [...box.querySelectorAll(PARTS)].filter((part) => part.width && !hidden(part))
    .map((part) => ({ part, at: heights(part) })).filter(({ at }) => at[0] < below);
  return parts.sort((a, b) => above(a.at, b.at)).map(({ part }) => pieceOf(part, frame, corner));
}

export const flatten = (ctx, box, options) => piecesOf(box, options).forEach((put) => put(ctx));
