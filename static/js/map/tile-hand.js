/** Draws vector tiles, and keeps the last ones decoded. Beside the page in a worker, on it where there is none. */
import { newCanvas } from "../lib/hatch.js";
import { decodeTile, weightOf } from "../lib/mvt.js";
import { paintTile } from "../lib/tile-picture.js";

const MOST = 24 << 20; // bytes of decoded tiles; the longest unused go first
const kept = new Map(); // address -> {layers, weight}
let weight = 0;

function remember(address, layers) {
  const own = weightOf(layers);
  weight += own;
  kept.set(address, { layers, weight: own });
  for (const [key, old] of kept) {
    if (weight <= MOST || key === address) break;
    kept.delete(key);
    weight -= old.weight;
  }
}

function layersOf(address, bytes) {
  const known = kept.get(address);
  if (known) {
    kept.delete(address);
    kept.set(address, known);
    return known.layers;
  }
  if (!bytes) return null;
  const layers = decodeTile(bytes);
  remember(address, layers);
  return layers;
}

/** A canvas with the tile, or null: it is not known, and its bytes are wanted. */
export function drawTile({ address, bytes, look, size }) {
  const layers = layersOf(address, bytes);
  if (!layers) return null;
  const canvas = newCanvas(size);
  paintTile(canvas.getContext("2d"), layers, look, size);
  return canvas;
}
