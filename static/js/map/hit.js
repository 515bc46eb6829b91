/** What lies under a point, of the features the page already holds. */
import { distance } from "../lib/geodesy.js";
import { inPolygon, toLine } from "../lib/nearest.js";
import { byOrder, drawnLayers } from "../order.js";
import { featuresOf, passes } from "../features.js";

const POINT_PX = 11;
const LINE_PX = 7;

function touches({ type, coordinates: c }, at, metresPerPixel) {
  const point = () => distance(at, c) <= POINT_PX * metresPerPixel;
  const tests = {
    Point: point,
    MultiPoint: () => c.some((p) => distance(at, p) <= POINT_PX * metresPerPixel),
    LineString: () => toLine(c, at) <= LINE_PX * metresPerPixel,
    MultiLineString: () => c.some((line) => toLine(line, at) <= LINE_PX * metresPerPixel),
    Polygon: () => inPolygon(c, at),
    MultiPolygon: () => c.some((rings) => inPolygon(rings, at)),
  };
  return tests[type]?.() ?? false;
}

const SIZE = { Point: 0, MultiPoint: 0, LineString: 1, MultiLineString: 1 };
const size = (feature) => SIZE[feature.geometry.type] ?? 2 + (feature.properties.area_m2 ?? 0);

/** Hits of the layers drawn, smallest first, or by the order of the reader: [{layer, id, feature}]. */
export function hitsAt({ lng, lat }, metresPerPixel) {
  const at = [lng, lat];
  const slack = POINT_PX * metresPerPixel / 100_000;
  const found = [];
  for (const layer of drawnLayers()) {
    for (const feature of featuresOf(layer.id) ?? []) {
      const b = feature.box;
      if (!b || lng < b[0] - slack || lng > b[2] + slack || lat < b[1] - slack || lat > b[3] + slack) continue;
      if (passes(layer.id, feature.properties) && touches(feature.geometry, at, metresPerPixel)) {
        found.push({ layer: layer.id, id: feature.id, feature });
      }
    }
  }
  return byOrder(found.sort((a, b) => size(a.feature) - size(b.feature)));
}
