/** Pieces of an address, both ways. Pure. */
import { PRINT_KEYS } from "./print-sheet.js";

export const KEYS = ["c", "z", "l", "id", "tab", "v", "basis", "unit", "base", "lang", "theme", "drawer", "draw", "f", "sl", "pair", "date", "asof", "time", "cmp", "hl", "swipe", "by", "scope", "o", "sort", "find", "vs", "origin", ...PRINT_KEYS];
export const PLACES = ["uploads", "reviews", "docs", "indicators", "print", "accounts"];

export function parsePath(pathname) {
  const [first, ...rest] = pathname.split("/").filter(Boolean).map(decodeURIComponent);
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
export const parsePair = (text) => (text ?? "").split(",").filter((part) => part.includes("/")).slice(0, 2)
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
