/** Text that says a shape, a line or a place: WKT, GeoJSON, or a point a line. Pure. */
import { fromPlane } from "./geodesy.js";
import { gathered, placed, positions } from "./kinds.js";
import { fromWkt } from "./wkt.js";

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

/** In degrees, or said to be unreadable. */
function inDegrees(geometry) {
  if (!geometry || positions(geometry.coordinates).some((c) => !toLonLat(c)?.every(Number.isFinite))) return { bad: 1 };
  return { geometry: { type: geometry.type, coordinates: placed(geometry.coordinates, toLonLat) } };
}

function pastedWkt(text) {
  const geometry = fromWkt(text);
  return geometry === null ? null : inDegrees(geometry);
}

function fromJson(text) {
  if (!/^\s*[{[]/.test(text)) return null;
  try {
    const body = JSON.parse(text);
    return inDegrees(gathered(body.type === "FeatureCollection" ? body.features.map((f) => f.geometry) : [body.geometry ?? body]));
  } catch {
    return { bad: 1 };
  }
}

const DMS = /(\d{1,3})\s*[°度]\s*(\d{1,2})\s*['′’分]\s*(\d{1,2}(?:\.\d+)?)\s*(?:["″”秒]|'')?\s*([NSEW]?)/gi;

/** Degrees, minutes and seconds as decimal degrees, whatever else the line holds. */
const decimal = (line) => line.replace(DMS, (_, d, m, s, way) => ` ${((Number(d) + m / 60 + s / 3600) * (/[SW]/i.test(way) ? -1 : 1)).toFixed(9)} `);

/** A point is a place, two are a line, more an area, unless it is said what they make. */
function joined(points, as) {
  const kind = as ?? (points.length === 1 ? "point" : points.length === 2 ? "line" : "area");
  if (kind === "point") return gathered(points.map((c) => ({ type: "Point", coordinates: c })));
  if (points.length < (kind === "line" ? 2 : 3)) return null;
  return kind === "line" ? { type: "LineString", coordinates: points } : { type: "Polygon", coordinates: [closed(points)] };
}

/** A point a line; a leading name or number of the point is passed over. */
function fromLines(text, as) {
  const points = [];
  for (const [i, line] of text.split(/\r?\n/).map((s) => s.trim()).entries()) {
    if (!line) continue;
    const words = decimal(line).split(/[,，;；\s]+/).filter(Boolean);
    const numbers = words.slice(-2).map((w) => (NUMBER.test(w) ? Number(w) : NaN));
    const at = numbers.length === 2 && numbers.every(Number.isFinite) && words.length <= 3 ? toLonLat(numbers) : null;
    if (!at) return { bad: i + 1 };
    points.push(at);
  }
  const geometry = joined(points, as);
  return geometry ? { geometry, points } : { bad: Math.max(1, points.length), few: points.length };
}

const FILES = [
  ["txt", /^\uFEFF?\s*\[(属性描述|地块坐标)\]/], // boundary points as surveyors' programs write them
  ["kml", /^\uFEFF?\s*<[^]{0,1000}<?kml[\s>]/i],
  ["gml", /^\uFEFF?\s*<[^]{0,2000}xmlns:gml=/i],
];

const PLACES = /^(x|y|e|n|lng|lon|lat|longitude|latitude|wkt|geom|geometry|the_geom|.*[经纬]度.*|.*坐标.*|.*\b[xyen]\s*[(（].*)$/i;

/** Rows under a heading that names where each lies. */
function isTable(text) {
  const [head, row = ""] = text.replace(/^\uFEFF/, "").trim().split(/\r?\n/);
  const names = head.split(/[,，;；\t]/).map((name) => name.trim().replace(/^"|"$/g, ""));
  return names.length > 1 && /\d/.test(row) && names.some((name) => PLACES.test(name)) && !names.some((name) => NUMBER.test(name));
}

/** How the text of a whole file would end, which the service reads; null for any other text. */
export const fileEnding = (text) => FILES.find(([, starts]) => starts.test(text))?.[0] ?? (isTable(text) ? "csv" : null);

/** {geometry} or {bad: the line that could not be read, few: points, where more were needed}. `as`: "point", "line" or "area". */
export const readPasted = (text, as = null) => fromJson(text) ?? pastedWkt(text.trim()) ?? fromLines(text, as);
