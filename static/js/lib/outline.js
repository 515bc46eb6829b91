/** Shapes from few points. Pure. */
import { distance, fromPlane, toPlane } from "./geodesy.js";

const CORNERS = 72;
const SCALE = 1e7;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const rounded = ([x, y]) => [Math.round(x * SCALE) / SCALE, Math.round(y * SCALE) / SCALE];
export const closedRing = (points) => ({ type: "Polygon", coordinates: [[...points, points[0]]] });

/** Square to the plane's grid, from two opposite corners. */
export function rectangle(a, b) {
  const [[x0, y0], [x1, y1]] = [toPlane(a), toPlane(b)];
  return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]].map((c) => rounded(fromPlane(c)));
}

const OUTSIDE = Math.sqrt((2 * Math.PI) / (CORNERS * Math.sin((2 * Math.PI) / CORNERS))); // its corners lie so far

/** A polygon of the circle's exact area on the plane. */
export function circle(centre, radius) {
  const [x, y] = toPlane(centre);
  const r = radius * OUTSIDE;
  return Array.from({ length: CORNERS }, (_, i) => (i * 2 * Math.PI) / CORNERS).map((w) => rounded(fromPlane([x + r * Math.cos(w), y + r * Math.sin(w)])));
}

const NEAR = 0.05; // metres: corners are rounded to a centimetre

/** {centre, radius in metres} of a ring that `circle` made, however it has travelled since; null for others. */
export function circleOf(ring) {
  if (ring.length !== CORNERS) return null;
  const plane = ring.map(toPlane);
  const [x, y] = [0, 1].map((axis) => plane.reduce((sum, c) => sum + c[axis], 0) / CORNERS);
  const r = plane.map((c) => Math.hypot(c[0] - x, c[1] - y));
  const mean = r.reduce((sum, each) => sum + each, 0) / CORNERS;
  if (r.some((each) => Math.abs(each - mean) > NEAR)) return null;
  return { centre: rounded(fromPlane([x, y])), radius: Math.round((mean / OUTSIDE) * 100) / 100 };
}

export const circleThrough = (centre, edge) => circle(centre, distance(centre, edge));

/** The points of a ring as earlier links say it, by differences of 1e-7 degrees; null if it is none. */
export function ringOfText(text) {
  const values = [];
  let [n, place] = [0, 1];
  for (const letter of text) {
    const digit = LETTERS.indexOf(letter);
    if (digit < 0) return null;
    n += (digit % 32) * place;
    place *= 32;
    if (digit < 32) {
      values.push(n % 2 ? -(n + 1) / 2 : n / 2);
      [n, place] = [0, 1];
    }
  }
  const points = [];
  for (let i = 0, at = [0, 0]; i + 1 < values.length; i += 2) {
    at = [at[0] + values[i], at[1] + values[i + 1]];
    points.push([at[0] / SCALE, at[1] / SCALE]);
  }
  const good = place === 1 && values.length % 2 === 0 && points.length > 2 && points.every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 90);
  return good ? points : null;
}
