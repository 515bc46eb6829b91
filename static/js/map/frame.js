/** The part of the map that no panel covers. */
import { bestRoom, sizeIn } from "../lib/room.js";
import { L } from "./leaflet.js";

const GAP = 24;

/** A panel across most of the map's width lies above or below it, whatever its usual side. */
function sideOf(rect, usual, frame) {
  if (rect.width < frame.width * 0.7) return usual;
  return rect.top < frame.top + frame.height / 3 ? "top" : "bottom";
}

function covers(frame) {
  return [...document.querySelectorAll("[data-covers]")]
    .filter((el) => el.getClientRects().length && !el.hidden && !el.classList.contains("is-rail"))
    .map((el) => ({ rect: el.getBoundingClientRect(), usual: el.dataset.covers }))
    .filter(({ rect, usual }) => usual !== "top" || rect.width > rect.height) // a phone's tools stand in a column
    .map(({ rect, usual }) => ({ rect, side: sideOf(rect, usual, frame) }));
}

/** Pixels that the panels take from each side of the map. */
function insets(map) {
  const frame = map.getContainer().getBoundingClientRect();
  const taken = { left: 0, right: 0, top: 0, bottom: 0 };
  for (const { side, rect } of covers(frame)) {
    const depth = {
      left: rect.right - frame.left,
      right: frame.right - rect.left,
      top: rect.bottom - frame.top,
      bottom: frame.bottom - rect.top,
    }[side];
    taken[side] = Math.max(taken[side], depth || 0);
  }
  return taken;
}

export function freePadding(map) {
  const { left, right, top, bottom } = insets(map);
  const size = map.getSize();
  const room = size.x - left - right > 120 && size.y - top - bottom > 120;
  const gap = Math.min(GAP, size.x / 12);
  return room ? {
    paddingTopLeft: L.point(left + gap, top + gap),
    paddingBottomRight: L.point(right + gap, bottom + gap),
  } : { padding: L.point(gap, gap) };
}

const FLOATING = ".page-panel, .step-bar, .map-key, #search, #chips, #layers, #toolbar, #zoom, #inspector, #drawer, #timebar, #compare, #highlight";
const WORTH = 1.12; // so much larger, and a shape may stand beside a tool bar rather than below it

/** What lies over the map: boxes in container points. */
export function obstacles(map, which = FLOATING) {
  const frame = map.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll(which)].filter((e) => e.getClientRects().length && !e.hidden).map((e) => {
    const r = e.getBoundingClientRect();
    return { x0: r.left - frame.left, y0: r.top - frame.top, x1: r.right - frame.left, y1: r.bottom - frame.top };
  });
}

/** Where a box of that width to height is shown largest. */
export function fitPadding(map, aspect) {
  const { left, right, top, bottom } = insets(map);
  const { x, y } = map.getSize();
  const plain = { x0: left, y0: top, x1: x - right, y1: y - bottom };
  const gap = Math.max(8, Math.min(GAP, Math.min(x - left - right, y - top - bottom) * 0.06));
  const best = bestRoom({ width: x, height: y }, obstacles(map), aspect, gap);
  if (!best) return freePadding(map);
  const room = sizeIn(best, aspect, gap) > WORTH * sizeIn(plain, aspect, gap) ? best : plain;
  return { paddingTopLeft: L.point(room.x0 + gap, room.y0 + gap), paddingBottomRight: L.point(x - room.x1 + gap, y - room.y1 + gap) };
}

/** What of the world no panel covers: west, south, east, north. */
export function freeBox(map) {
  const { left, right, top, bottom } = insets(map);
  const size = map.getSize();
  const a = map.containerPointToLatLng([left, top]);
  const b = map.containerPointToLatLng([Math.max(left + 50, size.x - right), Math.max(top + 50, size.y - bottom)]);
  return [a.lng, b.lat, b.lng, a.lat];
}

/** The free rectangle in layer points, for labels. */
export function freeRect(map) {
  const { left, right, top, bottom } = insets(map);
  const size = map.getSize();
  const corner = map.containerPointToLayerPoint([left, top]);
  return { x: corner.x + 4, y: corner.y + 4, w: size.x - left - right - 8, h: size.y - top - bottom - 8 };
}

/** How far to move so that from..to lies between low and high; what is too long keeps `at` there. */
function shift([from, to], at, [low, high]) {
  const [a, b] = to - from <= high - low ? [from, to] : [at, at];
  if (a < low) return a - low;
  return b > high ? b - high : 0;
}

/** Pan, never zoom, until a box lies clear of the panels; of a larger one, the place clicked. */
export function uncover(map, [west, south, east, north], clicked) {
  const { left, right, top, bottom } = insets(map);
  const size = map.getSize();
  const gap = Math.min(GAP, size.x / 12);
  const nw = map.latLngToContainerPoint([north, west]);
  const se = map.latLngToContainerPoint([south, east]);
  const at = map.latLngToContainerPoint(clicked);
  const dx = shift([nw.x, se.x], at.x, [left + gap, size.x - right - gap]);
  const dy = shift([nw.y, se.y], at.y, [top + gap, size.y - bottom - gap]);
  if (dx || dy) map.panBy([dx, dy], { duration: 0.2 });
}

/** To set the same view again would draw everything again. */
export const isThere = (map, center, zoom) => map._loaded && Math.abs(map.getZoom() - zoom) < 1e-6 && map.project(center).distanceTo(map.project(map.getCenter())) < 0.5;
