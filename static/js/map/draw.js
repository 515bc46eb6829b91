/** Drawing a shape or a line to ask about: points by click, finish by double-click or Enter. */
import { sketch } from "../sketch.js";
import { state } from "../state.js";
import { palette } from "./palette.js";
import { prepare } from "../features.js";
import { toPoint } from "./scene.js";
import { spots, trace } from "./shapes.js";
import { crossingOf } from "../lib/crossing.js";
import { kindOf } from "../lib/kinds.js";
import { circleThrough, closedRing, rectangle } from "../lib/outline.js";
import { followHandles, shapeUnderHand, stepShape } from "./reshape.js";
import { snapTo } from "./snap.js";
import { cased, dot } from "./strokes.js";

let points = [];
let pointer = null;
let undone = []; // points taken back, last first to return
let snapped = null; // the vertex under the pointer
const drawing = () => ["draw", "measure"].includes(state.get("tool")) && !state.get("drawn");

const SHAPES = { rectangle, circle: circleThrough }; // of two points
const shape = () => (state.get("tool") === "draw" ? SHAPES[state.get("drawMode")] : null);
const asArea = () => state.get("tool") === "draw" && !["line", "point"].includes(state.get("drawMode"));

/** The ring that the points and the pointer would make. */
function ringNow() {
  const all = pointer ? [...points, pointer] : points;
  if (!shape()) return all;
  return all.length > 1 ? shape()(all[0], all[1]) : [];
}

function announce() {
  const crossing = asArea() && !shape() ? crossingOf(ringNow()) : null;
  sketch.set({ points: [...points], pointer, ring: ringNow(), crossing });
}

export function paintDrawing(ctx, view) {
  const p = palette();
  const drawn = shapeUnderHand() ?? state.get("drawn");
  if (drawn) {
    const feature = prepare({ geometry: drawn, properties: {} });
    trace(ctx, view, feature);
    ctx.globalAlpha = 0.14;
    ctx.fillStyle = p.accent;
    if (kindOf(drawn) === "Polygon") ctx.fill("evenodd");
    ctx.globalAlpha = 1;
    cased(ctx, () => trace(ctx, view, feature), { colour: p.selected, width: 3, casing: p.selectedCasing, casingWidth: 7 });
    for (const spot of spots(view, feature)) dot(ctx, spot, { radius: 7, fill: p.selected, stroke: p.selectedCasing, width: 3 });
    paintCrossing(ctx, view, p);
    return;
  }
  if (points.length) paintSketch(ctx, view, p);
  if (snapped) dot(ctx, toPoint(view, snapped), { radius: 8, fill: "transparent", stroke: p.selected, width: 2.5 });
}

/** Where the line crosses itself, while it does. */
function paintCrossing(ctx, view, p) {
  const at = drawing() || shapeUnderHand() ? sketch.value.crossing?.at : null;
  if (at) dot(ctx, toPoint(view, at), { radius: 8, fill: "transparent", stroke: p.bad, width: 3 });
}

function paintSketch(ctx, view, p) {
  const path = ringNow().map((c) => toPoint(view, c));
  const closed = asArea() && path.length > 2;
  const line = () => {
    ctx.beginPath();
    path.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    if (closed) ctx.closePath();
  };
  if (closed) {
    line();
    ctx.globalAlpha = 0.12;
    ctx.fillStyle = p.accent;
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  cased(ctx, line, { colour: p.selected, width: 2, dash: [6, 4], casing: p.selectedCasing, casingWidth: 5 });
  for (const c of points) dot(ctx, toPoint(view, c), { radius: 5, fill: p.paper, stroke: p.selected, width: 2 });
  paintCrossing(ctx, view, p);
}

const geometryOf = (made) => ({ line: { type: "LineString", coordinates: made }, point: { type: "Point", coordinates: made[0] } }[state.get("drawMode")] ?? closedRing(made));
const MIN = { line: 2, point: 1 };

export function finish() {
  const tool = state.get("tool");
  pointer = null;
  const made = shape() && points.length === 2 ? ringNow() : points;
  announce();
  const measuring = tool === "measure";
  if (made.length < (measuring ? 2 : MIN[state.get("drawMode")] ?? 3) || sketch.value.crossing) return; // the panel says where it crosses
  const geometry = measuring ? { type: "LineString", coordinates: points } : geometryOf(made);
  points = [];
  pointer = null;
  state.set({ drawn: geometry, fromFile: false });
}

export function undoPoint() {
  if (stepShape()) return;
  if (points.length) undone.push(points.pop());
  announce();
}

export function redoPoint() {
  if (stepShape(true)) return;
  if (undone.length) points.push(undone.pop());
  announce();
}

export function clearSketch() {
  points = [];
  undone = [];
  pointer = null;
  snapped = null;
  announce();
}

const round = ({ lng, lat }) => [Math.round(lng * 1e7) / 1e7, Math.round(lat * 1e7) / 1e7];
const same = (a, b) => a && b && a[0] === b[0] && a[1] === b[1];

/** Where a point goes: onto a vertex within reach, unless Alt is held. */
function placeOf(map, { latlng, originalEvent }) {
  snapped = originalEvent?.altKey ? null : snapTo(map, latlng);
  return snapped ?? round(latlng);
}

export function listenToDrawing(map, scene) {
  const again = () => { scene.redraw(); announce(); };
  map.on("click", (event) => {
    if (!drawing()) return;
    const at = placeOf(map, event);
    if (!same(points.at(-1), at)) {
      points.push(at);
      undone = [];
    }
    const enough = shape() ? 2 : state.get("tool") === "draw" && state.get("drawMode") === "point" && 1;
    if (points.length === enough) finish();
    again();
  });
  map.on("mousemove", (event) => {
    if (!drawing()) return;
    const before = snapped;
    const at = placeOf(map, event);
    if (points.length) pointer = at;
    if (points.length || snapped !== before) again();
  });
  map.on("dblclick", () => drawing() && finish());
  followHandles(map, () => scene.redraw());
  state.on("drawMode", clearSketch);
  state.on("tool drawn", () => {
    map.doubleClickZoom[drawing() ? "disable" : "enable"]();
    map.getContainer().classList.toggle("drawing", drawing());
    if (!drawing()) clearSketch();
    scene.redraw();
  });
  document.addEventListener("keydown", (event) => {
    const control = event.ctrlKey || event.metaKey;
    const shaping = control && state.get("tool") === "draw" && state.get("drawn");
    if (!(drawing() || shaping) || event.target.closest?.("input, textarea, select")) return;
    const again = control && (event.key.toLowerCase() === "y" || (event.shiftKey && event.key.toLowerCase() === "z"));
    if (again) {
      event.preventDefault();
      redoPoint();
      scene.redraw();
    } else if (event.key === "Enter") event.target.closest?.("button") || finish();
    else if (event.key === "Backspace" || (event.key === "z" && control)) {
      event.preventDefault();
      undoPoint();
      scene.redraw();
    }
  });
}
