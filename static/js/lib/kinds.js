/** Geometries taken apart, and put together again by kind. Pure. */
const KINDS = ["Polygon", "LineString", "Point"];

/** "Polygon", "LineString" or "Point": of what a geometry consists. */
export const kindOf = (geometry) => KINDS.find((kind) => geometry?.type?.endsWith(kind)) ?? null;

/** The coordinates of each part of one kind. */
export function partsOf(geometry, kind) {
  if (geometry?.type === "GeometryCollection") return geometry.geometries.flatMap((g) => partsOf(g, kind));
  if (geometry?.type === kind) return [geometry.coordinates];
  return geometry?.type === `Multi${kind}` ? geometry.coordinates : [];
}

/** One geometry of all areas; without areas, of all lines; without lines, of all points; null of nothing. */
export function gathered(geometries) {
  for (const kind of KINDS) {
    const parts = geometries.flatMap((g) => partsOf(g, kind));
    if (parts.length) return parts.length === 1 ? { type: kind, coordinates: parts[0] } : { type: `Multi${kind}`, coordinates: parts };
  }
  return null;
}

/** Every position of nested coordinates. */
export const positions = (c) => (typeof c?.[0] === "number" ? [c] : (c ?? []).flatMap(positions));

/** Coordinates with each position put elsewhere. */
export const placed = (c, to) => (typeof c[0] === "number" ? to(c) : c.map((part) => placed(part, to)));
