/** A picture of the whole map that moves in its place while the zoom changes: one thing to scale instead of ten.
 * Under it the map is drawn anew, a part a frame; then it goes. */
import { drawOn } from "./drawn.js";
import { flatten } from "./flat.js";
import { L } from "./leaflet.js";
import { palette } from "./palette.js";

const MARGIN = 0.2; // of the view, as much as the scenes draw outside it
const PATIENCE_MS = 1500; // what has not come by then comes without it
const FAR = 1.5; // steps of zoom after which a picture is too coarse, or too small

export const Veil = L.Renderer.extend({
  initialize(height) {
    L.Renderer.prototype.initialize.call(this, { pane: "veil", padding: MARGIN });
    this.height = height;
  },

  _initContainer() {
    this._container = L.DomUtil.create("canvas", "scene veil");
    this._container.width = 0;
    this._container.style.display = "none";
  },

  _destroyContainer() {
    L.DomUtil.remove(this._container);
    delete this._container;
  },

  _update() {}, // it is a picture of what was

  _updateTransform(center, zoom) {
    if (this.isRaised()) L.Renderer.prototype._updateTransform.call(this, center, zoom);
  },

  isRaised() {
    return Boolean(this._map.veiled);
  },

  /** Whether the picture is of about this zoom. */
  isNear() {
    return Math.abs(this._map.getZoom() - this._zoom) < FAR;
  },

  raise() {
    const map = this._map;
    if (this.isRaised() && this.isNear()) return;
    this.catchUp();
    const corner = map.containerPointToLayerPoint([0, 0]);
    L.Renderer.prototype._update.call(this);
    const { min } = this._bounds;
    L.DomUtil.setPosition(this._container, min);
    this.paint(this._bounds.getSize(), corner.subtract(min));
    map.veiled = true;
    map.getContainer().classList.add("veiled");
  },

  /** What is under it has not moved with it. */
  catchUp() {
    if (!this.isRaised()) return;
    this._map.veiled = false;
    this._map.fire("zoom", { pinch: true });
  },

  /** Where frames come late, pixels as they are: scaled in a third of the time. */
  roughen() {
    this._container.classList.add("is-rough");
  },

  paint(size, offset) {
    const ratio = window.devicePixelRatio || 1;
    const canvas = this._container;
    canvas.style.display = "";
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const [width, height] = [size.x, size.y].map((n) => Math.round(n * ratio));
    drawOn(canvas, { width, height, alpha: false }, (ctx) => {
      ctx.fillStyle = palette().outside;
      ctx.fillRect(0, 0, width, height);
      ctx.setTransform(ratio, 0, 0, ratio, offset.x * ratio, offset.y * ratio);
      flatten(ctx, this._map.getContainer(), { below: this.height });
    });
  },

  lower() {
    if (!this._map || !this.isRaised()) return;
    this.catchUp();
    this._map.getContainer().classList.remove("veiled");
    this._container.width = 0; // an empty one costs nothing
    this._container.style.display = "none";
  },

  /** Call back once everything under it is drawn, or has not been for long. Returns the undo. */
  whenDrawn(isBusy, act) {
    const until = performance.now() + PATIENCE_MS;
    let due = 0;
    const look = (now) => {
      if (isBusy() && now < until) due = requestAnimationFrame(look);
      else act();
    };
    due = requestAnimationFrame(look);
    return () => cancelAnimationFrame(due);
  },
});
