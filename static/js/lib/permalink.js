/** Pieces of an address, both ways. Pure. */
import { PRINT_KEYS } from "./print-sheet.js";

export const KEYS = ["c", "z", "l", "id", "tab", "v", "basis", "unit", "base", "lang", "theme", "drawer", "draw", "f", "sl", "pair", "date", "asof", "time", "cmp", "hl", "swipe", "by", "scope", "o", "sort", "find", "vs", "origin", ...PRINT_KEYS];
export const PLACES = ["uploads", "reviews", "docs", "indicators", "print", "accounts"];

/** A part of a path; one that was cut within a sign is taken as it stands. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function parsePath(pathname) {
  const [first, ...rest] = pathname.split("/").filter(Boolean).map(decoded);
  if (first === "f" && rest.length >= 2) {
    return { place: "map", placeId: null, selection: { layer: rest[0], id: rest.slice(1).join("/") } };
  }
  if (first === "embed") return { place: "map", placeId: null, selection: null, embedded: true };
  if (PLACES.includes(first)) return { place: first, placeId: rest.join("/") || null, selection: null };
  return { place: "map", placeId: null, selection: null };
}

export function formatPath({ place, placeId, selection, embedded = false }) {
  if (embedded) return "/embed";
  if (place === "map") {
    return selection ? `/f/${encodeURIComponent(selection.layer)}/${encodeURIComponent(selection.id)}` : "/";
  }
  return `/${place}${placeId ? `/${placeId.split("/").map(encodeURIComponent).join("/")}` : ""}`;
}

/** "layer/id,layer/id" -> [{layer, id}], two at most. */
export const parsePair = (text) => (text ?? "").split(",").filter((part) => /^[^/]+\/./.test(part)).slice(0, 2)
  .map((part) => ({ layer: part.split("/")[0], id: part.split("/").slice(1).join("/") }));
export const formatPair = (refs) => refs.map((r) => `${r.layer}/${r.id}`).join(",");

export function parseView(c, z) {
  const [lng, lat] = (c ?? "").split(",").map(Number);
  const zoom = Number(z ?? 13);
  const good = [lng, lat, zoom].every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lng) <= 180;
  return good ? { lng, lat, zoom } : null;
}

export const formatView = ({ lng, lat, zoom }) => ({
  c: `${lng.toFixed(5)},${lat.toFixed(5)}`,
  z: String(Math.round(zoom * 100) / 100),
});

/** "a,b:70" -> {ids: [a, b], values: {b: 70}} */
export function parseLayers(text) {
  const ids = [];
  const values = {};
  for (const part of text.split(",").filter(Boolean)) {
    const [id, value] = part.split(":");
    ids.push(id);
    if (value !== undefined && Number.isFinite(Number(value))) values[id] = Number(value);
  }
  return { ids, values };
}

export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** {"layer": {"field", "value"}}; what is no filter is passed over. */
export function parseFilters(text) {
  const all = parseJson(text);
  return isObject(all) ? Object.fromEntries(Object.entries(all).filter(([, filter]) => typeof filter?.field === "string")) : {};
}

const DEPTHS = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };
const LEAST = { MultiPoint: 1, LineString: 2, MultiLineString: 2, Polygon: 4, MultiPolygon: 4 };
const isPoint = (at) => Array.isArray(at) && at.slice(0, 2).filter(Number.isFinite).length === 2 && Math.abs(at[0]) <= 180 && Math.abs(at[1]) <= 90;

/** A point, a line or an area out of GeoJSON; null for what cannot be drawn. */
export function parseGeometry(text) {
  const { type, coordinates } = parseJson(text) ?? {};
  const known = Object.hasOwn(DEPTHS, type ?? "");
  const isPart = (part, depth) => (depth === 0
    ? isPoint(part)
    : Array.isArray(part) && part.length >= (depth === 1 ? LEAST[type] : 1) && part.every((each) => isPart(each, depth - 1)));
  return known && isPart(coordinates, DEPTHS[type]) ? { type, coordinates } : null;
}

/** A day that the calendar has; null for others. */
export function parseDay(text) {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text ?? "") && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text);
  return isDay ? text : null;
}

/** A moment, or a day for its beginning; null for what is none. */
export const parseMoment = (text) => (/^\d{4}-\d{2}-\d{2}(T|$)/.test(text ?? "") && Number.isFinite(Date.parse(text.replace(" ", "+"))) ? text.replace(" ", "+") : null);

/** "a,b" -> ids; one that names no layer is passed over when layers are drawn. */
export const parseOrder = (text) => [...new Set((text ?? "").split(",").filter((id) => /^[\w-]+$/.test(id)))];

/** Nothing when what is on is what the catalogue switches on. */
export function formatLayers(on, opacity, catalogue) {
  const all = [...catalogue.collections.values()];
  const usual = all.every((c) => Boolean(on[c.id]) === Boolean(c.visible) && (opacity[c.id] ?? 1) === 1);
  if (usual) return null;
  const parts = all.filter((c) => on[c.id]).map((c) => {
    const part = Math.round((opacity[c.id] ?? 1) * 100);
    return part === 100 ? c.id : `${c.id}:${part}`;
  });
  return parts.join(",") || "none";
}
