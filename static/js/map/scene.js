/** A canvas over the map, drawn by one function at every move end. */
import { drawOn } from "./drawn.js";
import { L } from "./leaflet.js";

const MARGIN = 0.2; // of the view, drawn outside it so that panning shows something

const waiting = new Set(); // scenes to be drawn, in turn
let turn = 0;

/** What has nothing to draw takes no turn. */
function drawOne() {
  turn = 0;
  try {
    for (const scene of waiting) {
      waiting.delete(scene);
      if (scene._map && !scene.isMoving() && scene.drawNow()) break;
    }
  } finally {
    if (waiting.size) turn ||= requestAnimationFrame(drawOne);
  }
}

/** A frame each, so that none is long. */
function drawLater(scene) {
  waiting.add(scene);
  turn ||= requestAnimationFrame(drawOne);
}

export const scenesWaiting = () => waiting.size > 0;

let due = 0; // frames that something is to be drawn in

export function nextFrame(act) {
  due += 1;
  return L.Util.requestAnimFrame(() => {
    due -= 1;
    act();
  });
}

export const isDrawing = () => due > 0 || scenesWaiting();

export const Scene = L.Renderer.extend({
  initialize(paint, options) {
    L.Renderer.prototype.initialize.call(this, { padding: MARGIN, ...options });
    this._paint = paint;
  },

  _initContainer() {
    this._container = L.DomUtil.create("canvas", "scene");
    this._container.style.zIndex = this.options.zIndex ?? "";
  },

  _destroyContainer() {
    L.DomUtil.remove(this._container);
    delete this._container;
  },

  _update() {
    if (this.isMoving()) return;
    if (this._map.veiled) drawLater(this);
    else this.drawNow();
  },

  /** Then the end of the move draws it. */
  isMoving() {
    return Boolean(this._map._animatingZoom && this._bounds);
  },

  _reset() {}, // the end of the move, told just before, has drawn it

  _onZoom() {
    if (!this._map.veiled) L.Renderer.prototype._onZoom.call(this);
  },

  /** Whether there was anything to draw. */
  drawNow() {
    waiting.delete(this);
    L.Renderer.prototype._update.call(this);
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    const ratio = window.devicePixelRatio || 1;
    const canvas = this._container;
    if (this.options.idle?.()) {
      canvas.width = 0; // nothing to draw costs no memory
      canvas.height = 0;
      return false;
    }
    L.DomUtil.setPosition(canvas, min);
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    drawOn(canvas, { width: Math.round(size.x * ratio), height: Math.round(size.y * ratio) }, (ctx) => {
      ctx.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
      this._paint(ctx, viewOf(this._map, this._bounds));
    });
    return true;
  },

  /** Draw again soon, when those asked before have been, a frame each. */
  redrawInTurn() {
    if (this._map && !this._frame) drawLater(this);
  },

  /** Draw again soon, once, whatever asked for it. */
  redraw() {
    if (!this._map || this._frame) return;
    waiting.delete(this);
    this._frame = nextFrame(() => {
      this._frame = null;
      if (this._map) this._update();
    });
  },
});

/** How unit Mercator becomes canvas points, and what of the world is drawn. */
function viewOf(map, bounds) {
  const zoom = map.getZoom();
  const origin = map.getPixelOrigin();
  const scale = 256 * 2 ** zoom;
  const southWest = map.layerPointToLatLng(L.point(bounds.min.x, bounds.max.y));
  const northEast = map.layerPointToLatLng(L.point(bounds.max.x, bounds.min.y));
  const latitude = map.getCenter().lat;
  return {
    map, zoom, scale, ox: origin.x, oy: origin.y, bounds,
    box: [southWest.lng, southWest.lat, northEast.lng, northEast.lat],
    metres: (scale / 40075016.686) / Math.cos((latitude * Math.PI) / 180), // pixels a metre
  };
}

export const mercator = (lon, lat) => {
  const s = Math.sin((lat * Math.PI) / 180);
  return [(lon + 180) / 360, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
};
export const toPoint = (view, [lon, lat]) => {
  const [x, y] = mercator(lon, lat);
  return [x * view.scale - view.ox, y * view.scale - view.oy];
};
export const meets = (box, other) => Boolean(box)
  && box[0] <= other[2] && box[2] >= other[0] && box[1] <= other[3] && box[3] >= other[1];
