/** Names on the map: measured and placed once per move end, never over each other or a panel. */
import { knownFeature, prepare } from "../features.js";
import { name as nameOf } from "../i18n.js";
import { ellipsoidArea } from "../lib/geodesy.js";
import { circleOf } from "../lib/outline.js";
import { areaText } from "../quantities.js";
import { state } from "../state.js";
import { codedFeatures, codeOf, CODES_FROM } from "./codes.js";
import { freeRect, obstacles } from "./frame.js";
import { drawnLayers } from "../order.js";
import { mapFont, palette } from "./palette.js";
import { anchorPoint } from "./shapes.js";
import { partsOf } from "./swipe.js";
import { SIGN, signedChanges } from "./work.js";
import { visible } from "./thematic.js";
import { paintRiverNames } from "./river-names.js";

// Lower comes first when there is not room for all.
const RULES = {
  "strategic-zones": { rank: 4, size: 14, bold: true, from: 10, soft: true },
  "functional-groups": { rank: 1, size: 13, bold: true, from: 11.75 },
  "industrial-parks": { rank: 5.5, size: 12, from: 13.75 },
  "metro-stations": { rank: 3, size: 12, from: 12.75, beside: 9 },
  "old-villages": { rank: 5, size: 12, from: 13 },
  parcels: { rank: 6, size: 12, from: CODES_FROM, soft: true },
};
const SLANT = 0.6; // of the distance beside, where a name stands towards a corner
const BELOW_HANDLE = 22; // of a circle's centre
const MUST = 1; // the rank that is written before all others
const DOT = 6; // px: half of a station's mark
const OTHER = { rank: 7, size: 12, from: 14 };

export function paintLabels(ctx, view) {
  const corner = view.map.containerPointToLayerPoint([0, 0]);
  const taken = [...obstacles(view.map), ...obstacles(view.map, "#mapnote > *")].map(({ x0, y0, x1, y1 }) => ({ x: x0 + corner.x, y: y0 + corner.y, w: x1 - x0, h: y1 - y0 }));
  for (const [x, y] of signedChanges(view).map((f) => anchorPoint(view, f)).filter(Boolean)) taken.push({ x: x - SIGN, y: y - SIGN, w: 2 * SIGN, h: 2 * SIGN });
  const free = freeRect(view.map);
  const names = candidates(view);
  const dots = names.filter((label) => label.beside).map(({ at: [x, y] }) => ({ x: x - DOT, y: y - DOT, w: 2 * DOT, h: 2 * DOT }));
  for (const label of names) place(ctx, label, { taken, dots }, free);
  const stands = [...taken, ...dots];
  paintRiverNames(ctx, view, free, (box) => within(box, free) && !stands.some((t) => meets(box, t)));
}

function candidates(view) {
  const chosen = state.get("selection");
  const found = [];
  for (const layer of drawnLayers()) {
    const rule = RULES[layer.id] ?? (layer.geometry_type === "line" ? null : OTHER);
    if (!rule || layer.id === "district" || view.zoom < rule.from) continue;
    for (const part of partsOf(layer, view.map)) found.push(...namesOf(view, part, rule));
  }
  for (const { layer, feature } of codedFeatures(view)) found.push(label(view, layer, RULES.parcels, feature));
  if (chosen && !found.some((l) => l?.id === chosen.id)) found.push(chosenLabel(view, chosen));
  found.push(drawnLabel(view));
  return found.filter((l) => l?.text && l.at)
    .map((l) => (chosen && l.id === chosen.id ? { ...l, rank: 0, bold: true } : l))
    .sort((a, b) => a.rank - b.rank);
}

/** The names of a layer, or of what stands at one side of the divider, in its part of the view. */
function namesOf(view, { layer, side }, rule) {
  const names = visible(layer, view).map((f) => ({ ...label(view, layer, rule, f), side }));
  return names.filter(({ at }) => at && (!side || (at[0] > side[0] && at[0] < side[1])));
}

/** The drawn shape says how large it is, before all names. */
function drawnLabel(view) {
  const drawn = state.get("drawn");
  if (!drawn?.type.includes("Polygon")) return null;
  const at = anchorPoint(view, prepare({ geometry: drawn, properties: {} }));
  const centred = at && drawn.type === "Polygon" && circleOf(drawn.coordinates[0].slice(0, -1)); // its handle stands there
  return { rank: -1, size: 13, bold: true, text: areaText(ellipsoidArea(drawn)), at: centred ? [at[0], at[1] + BELOW_HANDLE] : at };
}

function chosenLabel(view, { layer, id }) {
  const feature = knownFeature(layer, id);
  if (!feature || layer === "district" || feature.geometry?.type.includes("Line")) return null;
  return label(view, { id: layer }, RULES[layer] ?? OTHER, feature);
}

function label(view, layer, rule, feature) {
  const chosen = state.get("selection")?.id === feature.id;
  const text = (!chosen && codeOf(layer, feature.properties)) || nameOf({ ...feature.properties, id: "" });
  return { ...rule, id: feature.id, text, at: anchorPoint(view, feature) };
}

const meets = (a, b) => a.x < b.x + b.w && a.x + a.w > b.x && a.y < b.y + b.h && a.y + a.h > b.y;
const within = (a, b) => a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w && a.y + a.h <= b.y + b.h;

/** Where a text of that width may stand: over its place, or at one of its sides. */
function boxes({ at: [x, y], beside, size }, width) {
  const h = size + 4;
  if (!beside) return [0, -1.2, 1.2].map((k) => ({ x: x - width / 2, y: y - h / 2 + k * h, w: width, h }));
  return [
    { x: x + beside, y: y - h / 2, w: width, h },
    { x: x - beside - width, y: y - h / 2, w: width, h },
    { x: x - width / 2, y: y - beside - h, w: width, h },
    { x: x - width / 2, y: y + beside, w: width, h },
    ...[[1, 1], [-1, 1], [1, -1], [-1, -1]].map(([right, down]) => ({
      x: x + right * beside * SLANT - (right < 0 ? width : 0), y: y + down * beside * SLANT - (down < 0 ? h : 0), w: width, h,
    })),
  ];
}

const DIVIDER = 8; // px of paper between a name and the line beside it

/** The free part on a name's own side of the divider. */
function onSide(free, side) {
  if (!side) return free;
  const x = Math.max(free.x, side[0] + DIVIDER);
  return { ...free, x, w: Math.min(free.x + free.w, side[1] - DIVIDER) - x };
}

/** A name as long as there is room for, its end cut if need be; null if hardly any of it would be left. */
function cut(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  const marks = [...text];
  while (marks.length > 3 && ctx.measureText(`${marks.join("")}…`).width > room) marks.pop();
  return marks.length > 3 ? `${marks.join("").trimEnd()}…` : null;
}

/** A centred name moves over rather than cross the divider. */
const held = (box, { side, beside }, free) => (side && !beside ? { ...box, x: Math.min(Math.max(box.x, free.x), free.x + free.w - box.w) } : box);

/** No name stands on another; on a station's mark, only one that has no other room and must be read. */
function place(ctx, candidate, { taken, dots }, whole) {
  ctx.font = mapFont(candidate.size, candidate.bold);
  const free = onSide(whole, candidate.side);
  const text = candidate.side ? cut(ctx, candidate.text, free.w) : candidate.text;
  if (!text) return;
  const options = boxes(candidate, ctx.measureText(text).width).map((b) => held(b, candidate, free));
  const open = options.filter((b) => within(b, free) && !taken.some((t) => meets(b, t)));
  const box = open.find((b) => !dots.some((t) => meets(b, t))) ?? (candidate.rank <= MUST ? open[0] : null);
  if (!box) return;
  taken.push({ x: box.x - 3, y: box.y - 1, w: box.w + 6, h: box.h + 2 });
  write(ctx, { ...candidate, text }, box);
}

function write(ctx, { text, size, soft }, box) {
  const p = palette();
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = size > 12 ? 4 : 3;
  ctx.strokeStyle = p.paper;
  ctx.strokeText(text, box.x, box.y + box.h / 2);
  ctx.fillStyle = soft ? p.text2 : p.text;
  ctx.fillText(text, box.x, box.y + box.h / 2);
}
