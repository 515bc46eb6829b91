/** Shapes of large layers near the pointer, asked by small squares and kept by version. */
import { get } from "../api.js";
import { isTiled, versionOf } from "../catalogue.js";
import { prepare } from "../features.js";
import { state } from "../state.js";
import { shownAs } from "../versions.js";
import { tiledLayers } from "../order.js";

const CELL = 0.002; // degrees: about 200 m
const FROM_ZOOM = 15;
const LIMIT = 500;
const MOST = 200; // squares kept
const kept = new Map(); // "layer@version/x/y" -> features, or null while they come

function remember(key, features) {
  kept.set(key, features);
  if (kept.size > MOST) kept.delete(kept.keys().next().value);
}

async function load(layer, key, x, y) {
  remember(key, null);
  const bbox = [x * CELL, y * CELL, (x + 1) * CELL, (y + 1) * CELL].map((n) => n.toFixed(6)).join(",");
  try {
    const body = await get(`collections/${layer}/items`, { bbox, limit: LIMIT, ...shownAs(layer) });
    remember(key, body.features.filter((f) => f.geometry).map(prepare));
  } catch {
    kept.delete(key); // asked again at the next move
  }
}

/** The features around a place that are here already; the others are on their way. */
export function tiledAround([lng, lat]) {
  if (state.get("view").zoom < FROM_ZOOM) return [];
  const [x, y] = [Math.floor(lng / CELL), Math.floor(lat / CELL)];
  return tiledLayers().filter((c) => isTiled(c.id)).flatMap(({ id }) => {
    const key = `${id}@${versionOf(id)}/${x}/${y}`;
    if (!kept.has(key)) load(id, key, x, y);
    return (kept.get(key) ?? []).map((feature) => ({ id, feature }));
  });
}
