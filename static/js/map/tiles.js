/** Large layers: vector tiles, drawn class by class beside the page. */
import { getBytes, isAbort, url } from "../api.js";
import { chosenNow } from "../bands.js";
import { collection, opacityOf, styleOf, versionOf } from "../catalogue.js";
import { note } from "../features.js";
import { classesOf, layerStyle } from "../lib/styling.js";
import { state } from "../state.js";
import { show } from "./drawn.js";
import { L } from "./leaflet.js";
import { palette } from "./palette.js";
import { drawn, tellCrew } from "./tile-crew.js";

const SIZE = 512; // points a tile: half as many requests, the same sharpness
const AT_ONCE = 3; // pictures put on the map in one frame

export const VectorTiles = L.GridLayer.extend({
  initialize(layerId, options) {
    L.GridLayer.prototype.initialize.call(this, {
      tileSize: SIZE, zoomOffset: -1, maxNativeZoom: 19, updateWhenZooming: false, keepBuffer: 1, ...options,
    });
    this.layerId = layerId;
    this.version = options.version ?? versionOf(layerId);
    this.options.bounds = extentOf(layerId, this.version);
    this.on("tileunload", ({ tile }) => tile.ended?.abort());
    this.on("remove", state.on("retried", () => state.get("retried").layer === this.layerId && this.retry()));
    this.look();
  },

  /** Under the veil nothing moves with it: there the map's next "zoom" without one catches up. */
  _resetView(event) {
    if (!(event?.pinch && this._map.veiled)) L.GridLayer.prototype._resetView.call(this, event);
  },

  createTile(coords, done) {
    const tile = L.DomUtil.create("canvas", "vector-tile");
    tile.width = 0; // an empty one costs nothing
    tile.place = { x: coords.x, y: coords.y, z: coords.z - 1 };
    tile.ended = new AbortController();
    this.draw(tile).then(() => done(null, tile)).catch((error) => {
      tile.failed = !isAbort(error);
      if (tile.failed) note(this.layerId, "error");
      done(null, tile); // of an error Leaflet would hide the tile, even once it is drawn
    });
    return tile;
  },

  /** The tiles that failed and are still in view, once more. */
  async retry() {
    const failed = Object.values(this._tiles ?? {}).map(({ el }) => el).filter(({ failed }) => failed);
    note(this.layerId, "loading");
    await Promise.all(failed.map((tile) => this.draw(tile).then(() => { tile.failed = false; }, () => {})));
    note(this.layerId, failed.some((tile) => tile.failed) ? "error" : "ready");
  },

  /** The tile's picture from what its hand has kept, else from bytes. */
  async draw(tile) {
    const { signal } = tile.ended;
    const picture = tile.width && await this.picture(tile) || await this.fetched(tile);
    if (!picture) return;
    await shown();
    if (!signal.aborted) put(tile, picture);
  },

  async fetched(tile) {
    const { z, x, y } = tile.place;
    const path = `collections/${this.layerId}/tiles/WebMercatorQuad/${z}/${y}/${x}`;
    const bytes = await getBytes(url(path, { version: this.version }), { signal: tile.ended.signal, quiet: true });
    return bytes.byteLength ? this.picture(tile, bytes) : null;
  },

  picture(tile, bytes) {
    const { z, x, y } = tile.place;
    const size = SIZE * (window.devicePixelRatio || 1);
    return drawn({ of: this.of(), address: `${this.layerId}@${this.version}/${z}/${x}/${y}`, x, y, size, bytes }, this.told, tile.ended.signal);
  },

  /** How the layer looks now, for whoever draws it. */
  look() {
    const theme = state.get("theme");
    const style = layerStyle(styleOf(this.layerId), theme);
    this.told = {
      layer: this.layerId,
      classes: classesOf(styleOf(this.layerId), theme, state.get("styles")?.schemes),
      fill: style.fill ?? palette().paper,
      stroke: style.stroke ?? palette().ink,
      highlight: chosenNow(),
      filter: state.get("filters")[this.layerId] ?? null,
      day: state.get("planDate"),
      ratio: window.devicePixelRatio || 1,
      without: this.options.without ?? null, // ids of features that are left out
    };
    tellCrew(this.of(), this.told);
  },

  /** Whose look it is: what leaves features out has its own. */
  of() {
    return `${this.layerId}@${this.version}${this.options.without ? " without" : ""}`;
  },

  /** Leave other features out from now on. */
  leaveOut(ids) {
    this.options.without = ids;
    this.repaint();
  },

  /** The same bytes in new colours: nothing is fetched again. */
  repaint() {
    this.look();
    for (const { el } of Object.values(this._tiles ?? {})) if (el.width) this.draw(el).catch(() => {});
  },

  fade() {
    this.setOpacity(opacityOf(this.layerId));
  },
});

/** Where the layer lies: nothing is asked for around it. Of older versions that is not known. */
function extentOf(id, version) {
  const { version: newest, extent } = collection(id) ?? {};
  const [west, south, east, north] = (version === newest && extent?.spatial?.bbox?.[0]) || [];
  return north === undefined ? undefined : L.latLngBounds([south, west], [north, east]);
}

/** A picture made elsewhere becomes the tile without being copied; one made here is. */
function put(tile, picture) {
  if (!(picture instanceof HTMLCanvasElement)) return show(tile, picture);
  tile.width = picture.width;
  tile.height = picture.height;
  return tile.getContext("2d").drawImage(picture, 0, 0);
}

const queue = [];

/** Pictures come on in handfuls, so that no frame is long. */
function shown() {
  return new Promise((go) => {
    queue.push(go);
    if (queue.length === 1) requestAnimationFrame(few);
  });
}

function few() {
  queue.splice(0, AT_ONCE).forEach((go) => go());
  if (queue.length) requestAnimationFrame(few);
}
