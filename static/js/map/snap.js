/** The vertex of a shape on show nearest to the pointer, so that what is drawn meets what is there. */
import { featuresOf, passes } from "../features.js";
import { drawnLayers } from "../order.js";
import { meets } from "./scene.js";
import { tiledAround } from "./snap-tiled.js";

const SNAP_PX = 10;

function* vertices(coordinates) {
  if (typeof coordinates[0] === "number") yield coordinates;
  else for (const part of coordinates) yield* vertices(part);
}

function* shapesNear(box) {
  for (const layer of drawnLayers()) for (const feature of featuresOf(layer.id) ?? []) yield { id: layer.id, feature };
  yield* tiledAround([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]);
}

function* verticesIn(box) {
  for (const { id, feature } of shapesNear(box)) {
    if (!meets(feature.box, box) || !passes(id, feature.properties)) continue;
    for (const c of vertices(feature.geometry.coordinates)) if (meets([c[0], c[1], c[0], c[1]], box)) yield c;
  }
}

/** [lng, lat] of a vertex within reach, or null. */
export function snapTo(map, latlng) {
  const at = map.latLngToContainerPoint(latlng);
  const a = map.containerPointToLatLng(at.subtract([SNAP_PX, SNAP_PX]));
  const b = map.containerPointToLatLng(at.add([SNAP_PX, SNAP_PX]));
  let found = null;
  let least = SNAP_PX;
  for (const [lng, lat] of verticesIn([a.lng, b.lat, b.lng, a.lat])) {
    const d = map.latLngToContainerPoint([lat, lng]).distanceTo(at);
    if (d <= least) [found, least] = [[lng, lat], d];
  }
  return found;
}
