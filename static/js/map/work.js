/** Shapes under work: an upload's preview with its problems, a changeset's differences. */
import { dividing } from "../divider.js";
import { styleOf } from "../catalogue.js";
import { prepare } from "../features.js";
import { classesOf, classFor } from "../lib/styling.js";
import { pinSymbol } from "../pin-symbol.js";
import { state } from "../state.js";
import { L } from "./leaflet.js";
import { mapFont, palette } from "./palette.js";
import { meets, toPoint } from "./scene.js";
import { anchorPoint, spots, trace } from "./shapes.js";
import { cased, dot, hatchInside } from "./strokes.js";

const LOOKS = {
  add: (p) => ({ colour: p.ok, width: 2.6, sign: "+" }),
  remove: (p) => ({ colour: p.bad, width: 2.2, dash: [6, 4], sign: "−", hatch: true }),
  change_geometry: (p) => ({ colour: p.accent, width: 2.4, sign: "↗" }),
  change_attributes: (p) => ({ colour: p.accent, width: 2.6, dash: [1, 5], round: true, sign: "=" }),
};
const SIGNS_UP_TO = 400;
const were = new WeakMap(); // a change -> the shape before it

/** The shape that a change takes away from where it was; null where it stays. */
function before(change) {
  const { change: kind, before_geometry: geometry } = change.properties;
  if (kind !== "change_geometry" || !geometry) return null;
  if (!were.has(change)) were.set(change, prepare({ geometry, properties: {} }));
  return were.get(change);
}
export const SIGN = 9.5; // px: half of one

/** state.work = {features, problems, chosen, kind: "upload" | "review"} */
export function paintWork(ctx, view) {
  const work = state.get("work");
  if (!work?.features) return;
  work.features.forEach((f) => f.box === undefined && prepare(f));
  const near = work.features.filter((f) => meets(f.box, view.box) || meets(before(f)?.box, view.box));
  if (work.kind === "review") paintReview(ctx, view, near, work);
  else paintUpload(ctx, view, near, work);
}

const BEHIND = 0.6;

/** What is in force steps back: colours are those of the file, and of nothing else. */
function paintVeil(ctx, view, p) {
  const { min, max } = view.bounds;
  ctx.globalAlpha = BEHIND;
  ctx.fillStyle = p.outside;
  ctx.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
  ctx.globalAlpha = 1;
}

function paintUpload(ctx, view, features, { chosen, layer, ghosts = [] }) {
  const p = palette();
  const classes = classesOf(styleOf(layer), state.get("theme"), state.get("styles")?.schemes);
  if (features.length) paintVeil(ctx, view, p);
  for (const ghost of ghosts.filter((f) => meets(f.box, view.box))) {
    cased(ctx, () => trace(ctx, view, ghost), { colour: p.bad, width: 1.6, dash: [6, 4] });
    for (const spot of spots(view, ghost)) dot(ctx, spot, { radius: 4, fill: p.paper, stroke: p.bad, width: 2 });
  }
  for (const feature of features) {
    const path = () => trace(ctx, view, feature);
    path();
    ctx.fillStyle = classFor(classes, feature.properties)?.fill ?? p.unclassed;
    ctx.fill("evenodd");
    cased(ctx, path, { colour: p.accent, width: features.length > 2000 ? 0.7 : 1.3 });
    for (const spot of spots(view, feature)) dot(ctx, spot, { radius: 4, fill: p.paper, stroke: p.accent, width: 2 });
  }
  const picked = features.find((f) => f.id === chosen);
  if (picked) cased(ctx, () => trace(ctx, view, picked), { colour: p.selected, width: 3, casing: p.selectedCasing, casingWidth: 7 });
}

const clearOf = (placed, [x, y]) => placed.every(([a, b]) => Math.hypot(a - x, b - y) >= 2 * SIGN + 1);

/** Signs that would lie on others are left out: the shapes are drawn all the same. */
function apart(view, features, chosen) {
  const placed = [];
  return [...features].sort((a, b) => (b.id === chosen) - (a.id === chosen)).filter((f) => {
    const at = anchorPoint(view, f);
    return at && clearOf(placed, at) && placed.push(at);
  });
}

/** The changes that carry a sign: names keep clear of it. */
export function signedChanges(view) {
  const { kind, features = [], chosen } = state.get("work") ?? {};
  if (kind !== "review") return [];
  if (dividing()) return features.filter((f) => f.id === chosen);
  const near = features.filter((f) => meets(f.box, view.box));
  return near.length > SIGNS_UP_TO ? [] : apart(view, near, chosen);
}

function paintReview(ctx, view, features, { chosen }) {
  const p = palette();
  paintOverview(ctx, view, p);
  if (dividing()) {
    paintBeside(ctx, view, features.find((f) => f.id === chosen), p);
    return;
  }
  for (const feature of features) paintChange(ctx, view, feature, p, feature.id === chosen);
  for (const feature of signedChanges(view)) paintSign(ctx, view, feature, p);
}

/** Beside a divider the versions speak for themselves: only what was chosen is marked, on both sides. */
function paintBeside(ctx, view, feature, p) {
  if (!feature) return;
  paintChange(ctx, view, feature, p, true);
  paintSign(ctx, view, feature, p);
}

const MARK = { least: 7, most: 13 };

/** From afar: how many changes lie about there, under the sign of the most frequent kind. */
function paintOverview(ctx, view, p) {
  const marks = state.get("work").overview ?? [];
  const top = Math.sqrt(Math.max(1, ...marks.map(({ count }) => count)));
  for (const { changes, count, place } of marks) {
    const at = toPoint(view, place);
    const look = LOOKS[Object.entries(changes).sort((a, b) => b[1] - a[1])[0][0]](p);
    const radius = MARK.least + (MARK.most - MARK.least) * (Math.sqrt(count) / top);
    dot(ctx, at, { radius, fill: look.colour, stroke: p.paper, width: 1.5 });
    ctx.fillStyle = p.paper;
    ctx.font = mapFont(12, true);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(radius > 10 && count > 1 && count < 1000 ? count : look.sign, at[0], at[1] + 0.5);
  }
}

function paintChange(ctx, view, feature, p, chosen) {
  const look = (LOOKS[feature.properties.change] ?? LOOKS.change_attributes)(p);
  const path = () => trace(ctx, view, feature);
  if (look.hatch) hatchInside(ctx, path, { colour: look.colour, down: true, alpha: 0.6 });
  const old = before(feature);
  if (old) {
    cased(ctx, () => trace(ctx, view, old), { colour: look.colour, width: 1.2, dash: [5, 4] });
  }
  cased(ctx, path, { ...look, casing: p.casing, casingWidth: chosen ? 8 : look.width + 2.4, width: chosen ? look.width + 1 : look.width });
  for (const spot of spots(view, feature)) dot(ctx, spot, { radius: 6, fill: p.paper, stroke: look.colour, width: 2.4 });
}

function paintSign(ctx, view, feature, p) {
  const at = anchorPoint(view, feature);
  if (!at) return;
  const look = (LOOKS[feature.properties.change] ?? LOOKS.change_attributes)(p);
  dot(ctx, at, { radius: SIGN, fill: look.colour, stroke: p.paper, width: 1.5 });
  ctx.fillStyle = p.paper;
  ctx.font = mapFont(13, true);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(look.sign, at[0], at[1] + 0.5);
}

/** Pins of the problems listed, and what a click on one does. */
export function followPins(map, pick) {
  const group = L.layerGroup().addTo(map);
  const sync = () => {
    group.clearLayers();
    const work = state.get("work");
    for (const { number, kind, place } of work?.pins ?? []) {
      const html = pinSymbol(kind, number);
      const icon = L.divIcon({ html, className: "pin-box", iconSize: [30, 30] });
      const marker = L.marker([place[1], place[0]], { icon, pane: "pins", keyboard: false });
      marker.on("click", () => pick(number)).addTo(group);
    }
  };
  state.on("work", sync);
}
