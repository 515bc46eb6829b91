/** Straight-line distance from a position to a geometry, on the local tangent plane. Pure. */
import { distance } from "./geodesy.js";

function inRing(ring, [x, y]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if ((yi > y) !== (yj > y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Whether a position is inside a polygon given as rings, holes excluded. */
export const inPolygon = (rings, at) => inRing(rings[0], at) && !rings.slice(1).some((hole) => inRing(hole, at));

/** Metres from a position to a segment. */
function toSegment(at, a, b) {
  const k = Math.cos((at[1] * Math.PI) / 180);
  const [px, py] = [(at[0] - a[0]) * k, at[1] - a[1]];
  const [dx, dy] = [(b[0] - a[0]) * k, b[1] - a[1]];
  const size = dx * dx + dy * dy;
  const t = size ? Math.max(0, Math.min(1, (px * dx + py * dy) / size)) : 0;
  return distance(at, [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
}

export const toLine = (line, at) => line.slice(1).reduce((best, b, i) => Math.min(best, toSegment(at, line[i], b)), Infinity);

const toPolygon = (rings, at) => (inPolygon(rings, at) ? 0 : Math.min(...rings.map((ring) => toLine(ring, at))));

export function distanceToFeature(at, { type, coordinates: c }) {
  const least = (all, measure) => Math.min(...all.map(measure));
  return {
    Point: () => distance(at, c),
    MultiPoint: () => least(c, (p) => distance(at, p)),
    LineString: () => toLine(c, at),
    MultiLineString: () => least(c, (line) => toLine(line, at)),
    Polygon: () => toPolygon(c, at),
    MultiPolygon: () => least(c, (rings) => toPolygon(rings, at)),
  }[type]?.() ?? Infinity;
}
