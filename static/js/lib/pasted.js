/** Text that says a shape: WKT, GeoJSON, or a point a line. Pure. */
import { fromPlane } from "./geodesy.js";

const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const RADIUS = 6378137; // of Web Mercator's sphere
const mercator = ([x, y]) => [(x / RADIUS) * (180 / Math.PI), Math.atan(Math.sinh(y / RADIUS)) * (180 / Math.PI)];
const isMercator = ([x, y]) => x > 8_000_000 && x < 15_100_000 && y > 400_000 && y < 7_200_000;
const ZONE = 38_000_000; // the prefix of EPSG:4526, whose plane is that of 4547
const isPlane = ([a, b]) => Math.abs(a) > 180 || Math.abs(b) > 180;

/** lon/lat as it is; E,N and N,E of EPSG:4547, 4526 and 3857 by the size of their numbers; null for anything else. */
function toLonLat([x, y]) {
  if (!isPlane([x, y])) return Math.abs(y) <= 90 ? [x, y] : [y, x];
  if (isMercator([x, y])) return mercator([x, y]);
  if (isMercator([y, x])) return mercator([y, x]);
  if ([x, y].some((v) => v > ZONE + 100_000 && v < ZONE + 900_000)) return toLonLat([x, y].map((v) => (v > ZONE ? v - ZONE : v)));
  const [e, n] = x > 1_000_000 && x < 10_000_000 && y < 1_000_000 ? [y, x] : [x, y];
  return e > 100_000 && e < 900_000 && n > 2_000_000 && n < 4_000_000 ? fromPlane([e, n]) : null;
}

const closed = (ring) => {
  const [first, last] = [ring[0], ring.at(-1)];
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first];
};

function rings(text) {
  return [...text.matchAll(/\(([^()]+)\)/g)].map(([, inside]) => closed(inside.split(",").map((pair) => toLonLat(pair.trim().split(/\s+/).map(Number)))));
}

function fromWkt(text) {
  const kind = /^(?:SRID=\d+;)?\s*(MULTI)?POLYGON\s*Z?M?\s*\(/i.exec(text);
  if (!kind) return null;
  const parts = kind[1] ? text.match(/\((?:\s*\([^()]+\)\s*,?)+\)/g) ?? [] : [text];
  const polygons = parts.map(rings).filter((p) => p.length);
  if (!polygons.length || polygons.flat(2).some((c) => !c || !c.every(Number.isFinite)) || polygons.flat().some((r) => r.length < 4)) return { bad: 1 };
  return { geometry: asOne(polygons) };
}

const asOne = (polygons) => (polygons.length === 1 ? { type: "Polygon", coordinates: polygons[0] } : { type: "MultiPolygon", coordinates: polygons });

export const polygonsOf = (geometry) => ({ Polygon: () => [geometry.coordinates], MultiPolygon: () => geometry.coordinates }[geometry?.type]?.() ?? []);

/** The polygons of any GeoJSON. */
function polygonsIn(body) {
  const all = body.type === "FeatureCollection" ? body.features.map((f) => f.geometry) : [body.geometry ?? body];
  return all.flatMap(polygonsOf);
}

function fromJson(text) {
  if (!/^\s*[{[]/.test(text)) return null;
  try {
    const polygons = polygonsIn(JSON.parse(text));
    return polygons.length ? { geometry: asOne(polygons) } : { bad: 1 };
  } catch {
    return { bad: 1 };
  }
}

/** A point a line; a leading name or number of the point is passed over. */
const DMS = /(\d{1,3})\s*[°度]\s*(\d{1,2})\s*['′’分]\s*(\d{1,2}(?:\.\d+)?)\s*(?:["″”秒]|'')?\s*([NSEW]?)/gi;

/** Degrees, minutes and seconds as decimal degrees, whatever else the line holds. */
const decimal = (line) => line.replace(DMS, (_, d, m, s, way) => ` ${((Number(d) + m / 60 + s / 3600) * (/[SW]/i.test(way) ? -1 : 1)).toFixed(9)} `);

function fromLines(text) {
  const points = [];
  for (const [i, line] of text.split(/\r?\n/).map((s) => s.trim()).entries()) {
    if (!line) continue;
    const words = decimal(line).split(/[,，;；\s]+/).filter(Boolean);
    const numbers = words.slice(-2).map((w) => (NUMBER.test(w) ? Number(w) : NaN));
    const at = numbers.length === 2 && numbers.every(Number.isFinite) && words.length <= 3 ? toLonLat(numbers) : null;
    if (!at) return { bad: i + 1 };
    points.push(at);
  }
  return points.length < 3 ? { bad: Math.max(1, points.length) } : { geometry: { type: "Polygon", coordinates: [closed(points)] }, points };
}

/** Boundary points as surveyors' programs write them: the text of a file, which the service reads. */
export const isPointFile = (text) => /^\uFEFF?\s*\[(属性描述|地块坐标)\]/.test(text);

/** {geometry} or {bad: the line that could not be read}. */
export const readPasted = (text) => fromJson(text) ?? fromWkt(text.trim()) ?? fromLines(text);
