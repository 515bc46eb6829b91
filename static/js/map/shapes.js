/** Feature geometry as unit-Mercator paths, made once per feature, and what is traced from it. */
import { mercator } from "./scene.js";

const made = new WeakMap();

function path(points) {
  const flat = new Float64Array(points.length * 2);
  points.forEach(([lon, lat], i) => {
    [flat[2 * i], flat[2 * i + 1]] = mercator(lon, lat);
  });
  return flat;
}

function build(geometry) {
  const of = {
    Point: (c) => ({ points: [path([c])] }),
    MultiPoint: (c) => ({ points: c.map((p) => path([p])) }),
    LineString: (c) => ({ lines: [path(c)] }),
    MultiLineString: (c) => ({ lines: c.map(path) }),
    Polygon: (c) => ({ rings: c.map(path) }),
    MultiPolygon: (c) => ({ rings: c.flat().map(path) }),
  }[geometry?.type];
  const empty = { points: [], lines: [], rings: [] };
  return of ? { ...empty, ...of(geometry.coordinates) } : empty;
}

function shapeOf(feature) {
  if (!made.has(feature)) made.set(feature, build(feature.geometry));
  return made.get(feature);
}

function add(ctx, view, flat, close) {
  for (let i = 0; i < flat.length; i += 2) {
    const x = flat[i] * view.scale - view.ox;
    const y = flat[i + 1] * view.scale - view.oy;
    if (i) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
  }
  if (close) ctx.closePath();
}

/** The feature's outline as the current path (rings and lines; points are drawn by hand). */
export function trace(ctx, view, feature, begin = true) {
  const { rings, lines } = shapeOf(feature);
  if (begin) ctx.beginPath();
  rings.forEach((ring) => add(ctx, view, ring, true));
  lines.forEach((line) => add(ctx, view, line, false));
}

export const spots = (view, feature) => shapeOf(feature).points
  .map((p) => [p[0] * view.scale - view.ox, p[1] * view.scale - view.oy]);

/** Signed area and centroid of a ring in unit Mercator. */
function centre(ring) {
  let area = 0;
  let x = 0;
  let y = 0;
  const [x0, y0] = ring;
  for (let i = 0; i + 3 < ring.length; i += 2) {
    const ax = ring[i] - x0;
    const ay = ring[i + 1] - y0;
    const bx = ring[i + 2] - x0;
    const by = ring[i + 3] - y0;
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area ? { area: Math.abs(area), x: x0 + x / (3 * area), y: y0 + y / (3 * area) } : { area: 0, x: x0, y: y0 };
}

const anchors = new WeakMap();

/** Where a label or sign stands, in unit Mercator. */
function anchorOf(feature) {
  if (!anchors.has(feature)) anchors.set(feature, findAnchor(shapeOf(feature)));
  return anchors.get(feature);
}

function findAnchor({ rings, lines, points }) {
  if (rings.length) {
    const best = rings.map(centre).reduce((a, b) => (b.area > a.area ? b : a));
    return [best.x, best.y];
  }
  const some = lines[0] ?? points[0];
  if (!some) return null;
  const middle = Math.floor(some.length / 4) * 2;
  return [some[middle], some[middle + 1]];
}

export function anchorPoint(view, feature) {
  const anchor = anchorOf(feature);
  return anchor && [anchor[0] * view.scale - view.ox, anchor[1] * view.scale - view.oy];
}
