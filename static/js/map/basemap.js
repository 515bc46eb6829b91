/** Base maps that the administrator named: pictures below everything, moved where their datum asks. */
import { chosenBase, loadBasemaps } from "../basemaps.js";
import { toGcj02 } from "../lib/gcj02.js";
import { state } from "../state.js";
import { L } from "./leaflet.js";

/** GCJ-02 tiles, placed so that they are right under the map's centre. */
const Shifted = L.TileLayer.extend({
  _getTiledPixelBounds(center) {
    return L.TileLayer.prototype._getTiledPixelBounds.call(this, moved(center));
  },

  _setZoomTransform(level, center, zoom) {
    L.TileLayer.prototype._setZoomTransform.call(this, level, moved(center), zoom);
  },

  _onMoveEnd() {
    const map = this._map;
    if (!map || map._animatingZoom) return;
    L.TileLayer.prototype._onMoveEnd.call(this);
    if (this._level) this._setZoomTransforms(map.getCenter(), map.getZoom());
  },
});

function moved({ lng, lat }) {
  const [lon, north] = toGcj02([lng, lat]);
  return L.latLng(north, lon);
}

export function followBasemap(map) {
  let shown = [];
  let id = null;
  const show = () => {
    const base = chosenBase();
    if (id === (base?.id ?? null)) return;
    id = base?.id ?? null;
    shown.forEach((layer) => layer.remove());
    state.set({ baseLoaded: false, baseFailed: false });
    shown = base ? base.tiles.map((address) => pictures(base, address).addTo(map)) : [];
  };
  state.on("base basemaps", show);
  state.on("catalogue", loadBasemaps);
  show();
}

function pictures(base, address) {
  const layer = new (base.datum === "GCJ-02" ? Shifted : L.TileLayer)(address, {
    pane: "basemap", subdomains: base.subdomains || "-", minNativeZoom: base.min_zoom, maxNativeZoom: base.max_zoom,
    minZoom: 0, maxZoom: 24, updateWhenZooming: false, attribution: "",
  });
  // Before any picture has come the map's own base stays; after that a gap is only a gap.
  layer.on("tileload", () => state.set({ baseLoaded: true, baseFailed: false }));
  layer.on("tileerror", () => state.set({ baseFailed: true }));
  return layer;
}
