/** Large layers: vector tiles drawn on canvas, class by class. */
import { getBytes, isAbort, url } from "../api.js";
import { opacityOf, styleOf, versionOf } from "../catalogue.js";
import { passes } from "../features.js";
import { decodeTile } from "../lib/mvt.js";
import { classesOf, classFor, layerStyle } from "../lib/styling.js";
import { state } from "../state.js";
import { L } from "./leaflet.js";
import { palette } from "./palette.js";
import { hatch } from "./strokes.js";
import { emphasis } from "./thematic.js";

const UNCLASSED = 0.5; // what has no class lets the base through
const SIZE = 512; // points a tile: half as many requests, the same sharpness
const MANY = 60; // parts a path: browsers take ten times as long over the points of one path of thousands

export const VectorTiles = L.GridLayer.extend({
  initialize(layerId, options) {
    L.GridLayer.prototype.initialize.call(this, {
      tileSize: SIZE, zoomOffset: -1, maxNativeZoom: 19, updateWhenZooming: false, keepBuffer: 1, ...options,
    });
    this.layerId = layerId;
    this.version = options.version ?? versionOf(layerId);
  },

  createTile(coords, done) {
    const tile = L.DomUtil.create("canvas", "vector-tile");
    tile.width = 0; // an empty one costs nothing
    this.fetch(coords).then((layers) => {
      tile.layers = layers;
      this.paint(tile);
      done(null, tile);
    }).catch((error) => done(isAbort(error) ? null : error, tile));
    return tile;
  },

  async fetch({ z, x, y }) {
    const path = `collections/${this.layerId}/tiles/WebMercatorQuad/${z - 1}/${y}/${x}`;
    const buffer = await getBytes(url(path, { version: this.version }));
    return buffer.byteLength ? decodeTile(buffer) : [];
  },

  paint(tile) {
    if (!tile.layers?.length) return;
    const ctx = tile.getContext("2d");
    tile.width = SIZE * (window.devicePixelRatio || 1);
    tile.height = tile.width;
    for (const layer of tile.layers) {
      const k = tile.width / layer.extent;
      ctx.setTransform(k, 0, 0, k, 0, 0);
      paintLayer(ctx, this.layerId, layer, 1 / k);
    }
  },

  /** The same bytes in new colours: nothing is fetched again. */
  repaint() {
    this.setOpacity(opacityOf(this.layerId));
    for (const { el } of Object.values(this._tiles ?? {})) this.paint(el);
  },
});

/** Features by the class that colours them, so that each class is one path. */
function byClass(layerId, layer, classes) {
  const groups = new Map();
  for (const feature of layer.features) {
    if (!passes(layerId, feature.properties)) continue;
    const cls = classFor(classes, feature.properties);
    const alpha = emphasis(layerId, feature);
    const key = `${feature.type}|${cls?.value}|${alpha}`;
    if (!groups.has(key)) groups.set(key, { cls, alpha, type: feature.type, features: [] });
    groups.get(key).features.push(feature);
  }
  return [...groups.values()];
}

/** Rings wound the other way are holes of the ring before them. */
function isHole(ring) {
  let area = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) area += ring[j] * ring[i + 1] - ring[i] * ring[j + 1];
  return area < 0;
}

/** The parts of a class in handfuls, a ring never apart from its holes. */
function* handfuls(features, type) {
  let parts = [];
  for (const part of features.flatMap((feature) => feature.parts)) {
    if (parts.length >= MANY && !(type === 3 && isHole(part))) {
      yield parts;
      parts = [];
    }
    parts.push(part);
  }
  yield parts;
}

function paintLayer(ctx, layerId, layer, pixel) {
  const theme = state.get("theme");
  const style = layerStyle(styleOf(layerId), theme);
  const classes = classesOf(styleOf(layerId), theme, state.get("styles")?.schemes);
  const p = palette();
  for (const { cls, alpha, type, features } of byClass(layerId, layer, classes)) {
    ctx.fillStyle = cls?.pattern ? hatch(ctx, cls.edge) : cls?.fill ?? style.fill ?? p.paper;
    ctx.lineWidth = (cls?.edge ? 0.7 : 1) * pixel * (window.devicePixelRatio || 1);
    ctx.strokeStyle = cls?.edge ?? style.stroke ?? p.ink;
    for (const parts of handfuls(features, type)) {
      ctx.beginPath();
      for (const part of parts) tracePart(ctx, part, type);
      ctx.globalAlpha = cls ? alpha : alpha * UNCLASSED;
      if (type !== 2) ctx.fill(); // rings are wound, so holes stay open
      ctx.globalAlpha = alpha;
      ctx.stroke();
    }
  }
  ctx.globalAlpha = 1;
}

function tracePart(ctx, part, type) {
  if (type === 1) {
    ctx.moveTo(part[0] + 12, part[1]);
    ctx.arc(part[0], part[1], 12, 0, 7);
    return;
  }
  ctx.moveTo(part[0], part[1]);
  for (let i = 2; i < part.length; i += 2) ctx.lineTo(part[i], part[i + 1]);
  if (type === 3) ctx.closePath();
}
