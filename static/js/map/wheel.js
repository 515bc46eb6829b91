/** The wheel: the zoom follows it smoothly about the place under the pointer, and the map is drawn when it rests. */
import { L } from "./leaflet.js";

const PIXELS = 133; // of the wheel a step of zoom; a notch is three quarters of one
const MOST = 1.5; // steps at once, however far it is flung
const EASE_MS = 70;
const REST_MS = 180;
const LATE_MS = 25;
const PATIENCE = 4; // late frames, before looks are given up for pace
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Wheel {
  constructor(map, veil, isBusy) {
    Object.assign(this, { map, veil, isBusy, at: 0, late: 0, turning: false, cancel: () => {} });
    const box = map.getContainer();
    box.addEventListener("wheel", (event) => this.turn(event), { passive: false });
    box.addEventListener("pointerdown", () => this.end(), { capture: true });
    map.on("movestart", () => this.turning || this.clear());
  }

  turn(event) {
    event.preventDefault();
    const { map } = this;
    if (map._animatingZoom) return;
    if (!this.turning) this.begin();
    const steps = L.DomEvent.getWheelDelta(event) / PIXELS;
    const { zoomSnap } = map.options;
    this.wanted = clamp(this.wanted + clamp(steps, -MOST, MOST), map.getMinZoom(), map.getMaxZoom());
    this.target = zoomSnap ? Math.round(this.wanted / zoomSnap) * zoomSnap : this.wanted;
    this.point = L.point(event.clientX, event.clientY).subtract(this.corner);
    this.ground = map.containerPointToLatLng(this.point);
    this.at = performance.now();
  }

  begin() {
    const { map } = this;
    this.cancel();
    map._stop();
    this.turning = true;
    this.corner = cornerOf(map.getContainer()); // once: asked at every notch, the page would be laid out for it
    this.wanted = map.getZoom();
    this.veil.raise();
    map._moveStart(true, false);
    this.before = performance.now();
    requestAnimationFrame((now) => this.step(now));
  }

  step(now) {
    if (!this.turning) return;
    const zoom = this.map.getZoom();
    const gap = this.target - zoom;
    const share = still.matches ? 1 : 1 - Math.exp((this.before - now) / EASE_MS);
    const next = Math.abs(gap) < 0.01 ? this.target : zoom + gap * share;
    if (now - this.before > LATE_MS && (this.late += 1) === PATIENCE) this.veil.roughen();
    this.before = now;
    if (next === this.target && now - this.at > REST_MS) {
      this.end();
      return;
    }
    if (next !== zoom) this.move(next, { pinch: true, round: false });
    if (!this.veil.isNear()) this.renew();
    requestAnimationFrame((later) => this.step(later));
  }

  /** What was under the pointer stays there. */
  move(zoom, how) {
    const { map, point, ground } = this;
    const half = map.getSize().divideBy(2);
    map._move(map.unproject(map.project(ground, zoom).subtract(point).add(half), zoom), zoom, how);
  }

  /** Draw under the veil, and take its picture again, while the wheel goes on. */
  renew() {
    if (this.renewing) return;
    this.renewing = true;
    this.settle(this.map.getZoom());
    this.map._moveStart(true, false);
    this.cancel = this.veil.whenDrawn(this.isBusy, () => {
      const done = () => { this.renewing = false; };
      if (this.veil.isNear()) done();
      else this.cancel = this.veil.renew(done);
    });
  }

  settle(zoom) {
    const isThere = this.map.getZoom() === zoom;
    this.move(zoom);
    if (isThere) this.map.fire("zoom"); // the last frame had come to it
    this.map._moveEnd(true);
  }

  end() {
    if (!this.turning) return;
    this.cancel();
    this.turning = false;
    this.renewing = false;
    this.settle(this.target);
    this.cancel = this.veil.whenDrawn(this.isBusy, () => this.veil.lower());
  }

  /** Somebody else moves the map. */
  clear() {
    this.cancel();
    this.veil.lower();
  }
}

function cornerOf(box) {
  const { left, top } = box.getBoundingClientRect();
  return L.point(left + box.clientLeft, top + box.clientTop);
}

const clamp = (n, least, most) => Math.min(Math.max(n, least), most);
