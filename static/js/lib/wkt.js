/** Well-known text, read and written. Pure. */
import { gathered, kindOf, partsOf } from "./kinds.js";

const KIND = /(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?\s*(?=\()/gi;
const TYPES = { point: "Point", linestring: "LineString", polygon: "Polygon" };
const LEAST = { Polygon: 4, LineString: 2, Point: 1 };

/** From an opening bracket to the one that closes it. */
function bracketed(text, from) {
  for (let at = from, depth = 0; at < text.length; at += 1) {
    depth += { "(": 1, ")": -1 }[text[at]] ?? 0;
    if (!depth) return text.slice(from, at + 1);
  }
  return null;
}

/** Nested arrays of [x, y]; heights and measures are passed over. */
function nested(body) {
  const json = body.replace(/[^(),]+/g, (run) => (run.trim() ? JSON.stringify(run.trim().split(/\s+/).map(Number).slice(0, 2)) : ""));
  return JSON.parse(json.replaceAll("(", "[").replaceAll(")", "]"));
}

const closed = (ring) => (ring[0][0] === ring.at(-1)[0] && ring[0][1] === ring.at(-1)[1] ? ring : [...ring, ring[0]]);

function geometryOf([, multi, word], body) {
  const kind = TYPES[word.toLowerCase()];
  const parts = multi ? nested(body) : [nested(body)];
  const shapes = {
    Point: () => parts.flatMap((p) => (typeof p[0] === "number" ? [p] : p)),
    LineString: () => parts,
    Polygon: () => parts.map((rings) => rings.map(closed)),
  }[kind]();
  return gathered([{ type: `Multi${kind}`, coordinates: shapes }]);
}

const sound = (g) => partsOf(g, kindOf(g)).every((part) => {
  const runs = { Polygon: part, LineString: [part], Point: [[part]] }[kindOf(g)];
  return runs.every((run) => run.length >= LEAST[kindOf(g)] && run.every((c) => c.length === 2 && c.every(Number.isFinite)));
});

/** The geometry of one text or of several; null for what is no WKT, undefined for what cannot be read. */
export function fromWkt(text) {
  if (!/^\s*(?:SRID=\d+;)?\s*(?:(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\b/i.test(text)) return null;
  try {
    const found = [...text.matchAll(KIND)].map((kind) => geometryOf(kind, bracketed(text, kind.index + kind[0].length)));
    return found.length && found.every(sound) ? gathered(found) : undefined;
  } catch {
    return undefined;
  }
}

const run = (c) => (typeof c[0] === "number" ? c.join(" ") : `(${c.map(run).join(", ")})`);

/** A point's position stands in brackets of its own. */
export const toWkt = ({ type, coordinates }) => `${type.toUpperCase()} ${type === "Point" ? `(${run(coordinates)})` : run(coordinates)}`;
