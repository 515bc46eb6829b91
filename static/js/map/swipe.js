/** Swipe: left of a divider an earlier version, another layer, or what a proposal changes, by clipping canvases in one map. */
import { state } from "../state.js";
import { get } from "../api.js";
import { loadFeatures, prepare } from "../features.js";
import { collection, isTiled, styleOf, versionOf } from "../catalogue.js";
import { dividing, proposal } from "../divider.js";
import { layersOver } from "../order.js";
import { changedIds, forgetProposed, paintOverTiles, proposedFeatures } from "./proposed.js";
import { paintLayers } from "./thematic.js";
import { VectorTiles } from "./tiles.js";

const LIMIT = 10_000;
let old = null; // features of the earlier version

/** Load what the left side shows. */
async function loadSwipe(swipe) {
  old = null;
  state.set({ swipeBlank: null });
  forgetProposed();
  if (swipe?.other) await Promise.all([swipe.layer, swipe.other].map(loadFeatures));
  if (!swipe || swipe.other || isTiled(swipe.layer)) return;
  const shown = swipe.proposed ? null : await loadFeatures(swipe.layer);
  old = swipe.version ? await featuresOfVersion(swipe) : []; // a layer's first version has none before it
  if (shown) state.set({ swipeBlank: blanks(swipe.layer, old, shown) });
}

/** The field that colours a layer, where one side of the divider has it and the other does not. */
function blanks(layer, left, right) {
  const field = styleOf(layer).classes?.field;
  const isBlank = (features) => features.length > 0 && features.every((f) => (f.properties[field] ?? "") === "");
  const sides = [left, right].map(isBlank);
  return field && sides[0] !== sides[1] ? { layer, field, side: sides.indexOf(true) } : null;
}

async function featuresOfVersion({ layer, version }) {
  const body = await get(`collections/${layer}/items`, { version, limit: LIMIT }, { name: "swipe" });
  return body.features.map(prepare);
}

/** A layer and what lies over it, without the one at the other side. */
const alone = (layer, other) => [layer, ...layersOver(layer?.id)].filter((c) => c && !isTiled(c.id) && c.id !== other && c.id !== "district");

/** The layer at each side of the divider; one without features beside it shows its own. Null: not here yet, or tiles. */
function sides({ layer, other, proposed }) {
  if (other) return [collection(layer), collection(other)];
  if (!old || isTiled(layer)) return [null, null];
  const then = { ...collection(layer), features: old };
  return [then, proposed ? { ...collection(layer), features: proposedFeatures(old, proposal()) } : collection(layer)];
}

export function paintLeft(ctx, view) {
  const swipe = dividing();
  const layer = swipe && sides(swipe)[0];
  if (layer) paintLayers(ctx, view, alone(layer, swipe.other));
}

export function paintRight(ctx, view) {
  const swipe = dividing();
  const layer = swipe && sides(swipe)[1];
  if (layer) paintLayers(ctx, view, alone(layer, swipe.other && swipe.layer));
  else if (swipe?.proposed && isTiled(swipe.layer)) paintOverTiles(ctx, view, proposal());
}

/** A layer, as it stands at each side of the divider that it has for itself: [{layer, side: [from, to]}]. */
export function partsOf(layer, map) {
  const swipe = dividing();
  if (!swipe || ![swipe.layer, swipe.other].includes(layer.id)) return [{ layer, side: null }];
  const start = map.containerPointToLayerPoint([0, 0]).x;
  const divider = start + map.getSize().x * swipe.x;
  const places = [[start, divider], [divider, start + map.getSize().x]];
  return sides(swipe).map((shown, i) => ({ layer: shown, side: places[i] })).filter((part) => part.layer?.id === layer.id);
}

const box = (x0, x1, { y }, size) => `polygon(${x0}px ${y}px, ${x1}px ${y}px, ${x1}px ${y + size.y}px, ${x0}px ${y + size.y}px)`;

/** A large layer's earlier version comes as tiles, at the height of the one on show. */
function oldTiles(map, { layer, version, other, proposed }) {
  if (other || !version || !isTiled(layer) || (proposed && version === versionOf(layer))) return null;
  return new VectorTiles(layer, { pane: "fills", version }).addTo(map);
}

/** A large layer as it is proposed to be: the version that is changed, without what is changed. */
function newTiles(map, { layer, version, proposed }) {
  if (!proposed || !version || !isTiled(layer)) return null;
  return new VectorTiles(layer, { pane: "fills", version, without: changedIds(proposal()) }).addTo(map);
}

/** Clip each side to its part of the view. */
function clipSides(map, tiles, { past, next }) {
  const swipe = dividing();
  const [left, right] = ["swipe", "swipe-right"].map((name) => map.getPane(name));
  for (const side of [left, right]) side.style.display = swipe ? "" : "none";
  const size = map.getSize();
  const corner = map.containerPointToLayerPoint([0, 0]);
  const x = corner.x + size.x * (swipe?.x ?? 0);
  const sides = [box(corner.x, x, corner, size), box(x, corner.x + size.x, corner, size)];
  [left.style.clipPath, right.style.clipPath] = sides;
  const cut = (layer, side) => { if (layer?.getContainer()) layer.getContainer().style.clipPath = side ?? ""; };
  const height = tiles.get(swipe?.layer)?.options.zIndex;
  for (const layer of [past, next]) if (layer && layer.options.zIndex !== height) layer.setZIndex(height);
  cut(past, sides[0]);
  cut(next, sides[1]);
  for (const [id, layer] of tiles) cut(layer, partOfTiles(id, swipe, { sides, past }));
}

const NOTHING = "inset(100%)";

/** Left of the divider, right of it, nowhere, or (null) everywhere. */
function partOfTiles(id, swipe, { sides, past }) {
  if (swipe?.other) return sides[[swipe.layer, swipe.other].indexOf(id)] ?? null;
  if (id !== swipe?.layer) return null;
  if (swipe.proposed) return past ? NOTHING : sides[0]; // both sides begin from the version that is changed
  return sides[1];
}

const isSame = (a, b) => a.size === b.size && [...a].every((id) => b.has(id));
const keyOf = (swipe) => swipe && `${swipe.layer}@${swipe.version}/${swipe.other}/${swipe.proposed}`;

export function followSwipe(map, scenes, tiles) {
  let past = null;
  let next = null;
  const clip = () => clipSides(map, tiles, { past, next });
  const redraw = () => Object.values(scenes).forEach((scene) => scene.redraw());
  let shown = null;
  const follow = () => {
    const swipe = dividing();
    clip();
    if (swipe) scenes.labels.redraw();
    if (keyOf(swipe) === shown || (swipe && !state.get("catalogue"))) return;
    shown = keyOf(swipe);
    past?.remove();
    next?.remove();
    past = swipe && oldTiles(map, swipe);
    next = swipe && newTiles(map, swipe);
    clip();
    loadSwipe(swipe).then(redraw).catch(() => keyOf(dividing()) === shown && state.set({ swipe: null }));
  };
  state.on("swipe catalogue place work", follow);
  state.on("work", () => {
    if (!dividing()?.proposed) return;
    scenes.right.redraw();
    const ids = changedIds(proposal());
    if (next && !isSame(ids, next.options.without)) next.leaveOut(ids);
  });
  map.on("move zoom viewreset resize layeradd stacked", clip);
  clip();
}
