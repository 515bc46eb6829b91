/** Swipe: left of a divider an earlier version, or another layer, by clipping canvases in one map. */
import { state } from "../state.js";
import { get } from "../api.js";
import { loadFeatures, prepare } from "../features.js";
import { palette } from "./palette.js";
import { meets } from "./scene.js";
import { spots, trace } from "./shapes.js";
import { cased, dot } from "./strokes.js";
import { classesOf, classFor, layerStyle } from "../lib/styling.js";
import { collection, isTiled, styleOf } from "../catalogue.js";
import { layersOver } from "../order.js";
import { paintLayers } from "./thematic.js";
import { VectorTiles } from "./tiles.js";

const LIMIT = 10_000;
let old = null; // features of the earlier version

/** Load what the left side shows. */
export async function loadSwipe(swipe) {
  old = null;
  if (swipe?.other) await Promise.all([swipe.layer, swipe.other].map(loadFeatures));
  if (!swipe || swipe.other || isTiled(swipe.layer)) return;
  const body = await get(`collections/${swipe.layer}/items`, { version: swipe.version, limit: LIMIT }, { name: "swipe" });
  old = body.features.map(prepare);
}

/** A layer and what lies over it, without the one at the other side. */
const alone = (id, other) => [collection(id), ...layersOver(id)].filter((c) => c && !isTiled(c.id) && c.id !== other && c.id !== "district");

/** The layer, or the earlier version of one, that stands left of the divider. */
export function paintLeft(ctx, view) {
  const swipe = state.get("swipe");
  if (swipe?.other) paintLayers(ctx, view, alone(swipe.layer, swipe.other));
  else paintPast(ctx, view);
}

export function paintRight(ctx, view) {
  const { layer, other } = state.get("swipe") ?? {};
  if (other) paintLayers(ctx, view, alone(other, layer));
}

function paintPast(ctx, view) {
  const swipe = state.get("swipe");
  if (!swipe || !old) return;
  paintOld(ctx, view);
  if (!isTiled(swipe.layer)) paintLayers(ctx, view, layersOver(swipe.layer).filter((c) => c.id !== "district"));
}

/** From where to where a layer is shown, when it has one side of the divider for itself. */
export function sideOf(layer, map) {
  const swipe = state.get("swipe");
  if (!swipe?.other || ![swipe.layer, swipe.other].includes(layer)) return null;
  const start = map.containerPointToLayerPoint([0, 0]).x;
  const divider = start + map.getSize().x * swipe.x;
  return layer === swipe.layer ? [start, divider] : [divider, start + map.getSize().x];
}

/** The earlier version, over paper, so that the current one does not show through. */
function paintOld(ctx, view) {
  const swipe = state.get("swipe");
  const p = palette();
  const style = layerStyle(styleOf(swipe.layer), state.get("theme"));
  const classes = classesOf(styleOf(swipe.layer), state.get("theme"), state.get("styles")?.schemes);
  if (!isTiled(swipe.layer)) {
    const { min, max } = view.bounds;
    ctx.fillStyle = p.inside;
    ctx.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
  }
  for (const feature of old.filter((f) => meets(f.box, view.box))) {
    const cls = classFor(classes, feature.properties);
    const path = () => trace(ctx, view, feature);
    path();
    ctx.fillStyle = cls?.fill ?? style.fill ?? p.paper;
    if (feature.geometry.type.endsWith("Polygon")) ctx.fill("evenodd");
    cased(ctx, path, { colour: cls?.edge ?? style.stroke ?? p.ink, width: 1.4 });
    for (const spot of spots(view, feature)) dot(ctx, spot, { radius: 4, fill: p.paper, stroke: style.stroke ?? p.metro, width: 1.6 });
  }
}

const box = (x0, x1, { y }, size) => `polygon(${x0}px ${y}px, ${x1}px ${y}px, ${x1}px ${y + size.y}px, ${x0}px ${y + size.y}px)`;

/** A large layer's earlier version comes as tiles, at the height of the one on show. */
function oldTiles(map, { layer, version, other }) {
  if (other || !isTiled(layer)) return null;
  return new VectorTiles(layer, { pane: "fills", version }).addTo(map);
}

/** Clip each side to its part of the view. */
function clipSides(map, tiles, past) {
  const swipe = state.get("swipe");
  const [left, right] = ["swipe", "swipe-right"].map((name) => map.getPane(name));
  left.style.display = swipe ? "" : "none";
  right.style.display = swipe?.other ? "" : "none";
  const size = map.getSize();
  const corner = map.containerPointToLayerPoint([0, 0]);
  const x = corner.x + size.x * (swipe?.x ?? 0);
  const sides = [box(corner.x, x, corner, size), box(x, corner.x + size.x, corner, size)];
  [left.style.clipPath, right.style.clipPath] = sides;
  const cut = (layer, side) => { if (layer?.getContainer()) layer.getContainer().style.clipPath = side ?? ""; };
  const height = tiles.get(swipe?.layer)?.options.zIndex;
  if (past && past.options.zIndex !== height) past.setZIndex(height);
  cut(past, sides[0]);
  for (const [id, layer] of tiles) cut(layer, sides[sideOfTiles(id, swipe)]);
}

/** 0: left of the divider, 1: right of it; any other: on both sides. */
function sideOfTiles(id, swipe) {
  if (swipe?.other) return [swipe.layer, swipe.other].indexOf(id);
  return id === swipe?.layer ? 1 : -1;
}

export function followSwipe(map, scenes, tiles) {
  let past = null;
  const clip = () => clipSides(map, tiles, past);
  const redraw = () => Object.values(scenes).forEach((scene) => scene.redraw());
  let shown = null;
  const follow = () => {
    const swipe = state.get("swipe");
    const key = swipe && `${swipe.layer}@${swipe.version}/${swipe.other}`;
    clip();
    if (swipe?.other) scenes.labels.redraw();
    if (key === shown || (swipe && !state.get("catalogue"))) return;
    shown = key;
    past?.remove();
    past = swipe && oldTiles(map, swipe);
    clip();
    loadSwipe(swipe).then(redraw).catch(() => state.set({ swipe: null }));
  };
  state.on("swipe catalogue", follow);
  map.on("move zoom viewreset resize layeradd stacked", clip);
  clip();
}
