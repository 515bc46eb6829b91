/** A picture of the whole map that moves in its place while the zoom changes: one thing to scale instead of ten.
 * Under it the map is drawn anew, a part a frame; then it goes. */
import { drawInTurns, drawOn } from "./drawn.js";
import { piecesOf } from "./flat.js";
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
    const { at, size, steps } = this.picture();
    this.place(at);
    const canvas = this._container;
    canvas.style.display = "";
    drawOn(canvas, size, (ctx) => steps.forEach((step) => step(ctx)));
    map.veiled = true;
    map.getContainer().classList.add("veiled");
  },

  /** Another picture, of what is drawn by now, while the one before goes on moving. Returns the undo. */
  renew(done) {
    this.catchUp();
    const { at, size, steps } = this.picture();
    this._map.veiled = true;
    return drawInTurns(this._container, size, steps, () => {
      this.place(at);
      this._updateTransform(this._map.getCenter(), this._map.getZoom());
      done();
    });
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

  /** Where a picture of now lies, how many pixels it has, and the steps that draw it. */
  picture() {
    const corner = this._map.containerPointToLayerPoint([0, 0]);
    const { _bounds, _center, _zoom } = this;
    L.Renderer.prototype._update.call(this);
    const at = { _bounds: this._bounds, _center: this._center, _zoom: this._zoom };
    Object.assign(this, { _bounds, _center, _zoom }); // until it is seen
    const ratio = window.devicePixelRatio || 1;
    const { x, y } = at._bounds.getSize();
    const [width, height] = [x, y].map((n) => Math.round(n * ratio));
    const offset = corner.subtract(at._bounds.min).multiplyBy(ratio);
    const ground = (ctx) => {
      ctx.fillStyle = palette().outside;
      ctx.fillRect(0, 0, width, height);
      ctx.setTransform(ratio, 0, 0, ratio, offset.x, offset.y);
    };
    return { at, size: { width, height, alpha: false }, steps: [ground, ...piecesOf(this._map.getContainer(), { below: this.height })] };
  },

  place(at) {
    Object.assign(this, at);
    const { x, y } = at._bounds.getSize();
    Object.assign(this._container.style, { width: `${x}px`, height: `${y}px` });
    L.DomUtil.setPosition(this._container, at._bounds.min);
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
