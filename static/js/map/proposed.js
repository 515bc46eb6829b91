/** The version that a changeset or an upload would make, drawn from the one it changes. */
import { collection, opacityOf, styleOf } from "../catalogue.js";
import { prepare } from "../features.js";
import { layersOver } from "../order.js";
import { classesOf, classFor, layerStyle } from "../lib/styling.js";
import { state } from "../state.js";
import { palette } from "./palette.js";
import { meets } from "./scene.js";
import { trace } from "./shapes.js";
import { paintLayers } from "./thematic.js";

const UNCLASSED = 0.5; // as in tiles
const EDGE = 0.7;
let made = new WeakMap(); // changes -> what they make

export const forgetProposed = () => { made = new WeakMap(); };

const stays = ({ properties }) => properties.change !== "remove";
const asPublished = (f) => prepare({ id: f.id, geometry: f.geometry, properties: f.properties.after ?? f.properties });

/** What they leave of the features before them, and what they bring. */
export function proposedFeatures(before, { changes }) {
  if (!made.has(changes)) {
    const touched = new Set(changes.map(({ id }) => id));
    made.set(changes, [...before.filter(({ id }) => !touched.has(id)), ...changes.filter(stays).map(asPublished)]);
  }
  return made.get(changes);
}

function replaced({ id, geometry, properties: { change, before_geometry: before } }) {
  return change === "add" ? null : prepare({ id, geometry: before ?? geometry, properties: {} });
}

function sidesOf({ changes }) {
  if (!made.has(changes)) made.set(changes, { gone: changes.map(replaced).filter(Boolean), come: changes.filter(stays).map(asPublished) });
  return made.get(changes);
}

/** The features that tiles of what is proposed leave out. */
export const changedIds = (held) => new Set((held?.changes ?? []).map(({ id }) => id));

const JOINED_TO = 12; // the last zoom whose tiles hold joined features, which cannot be left out
const seenJoined = ({ zoom }) => Math.round(zoom) - 1 <= JOINED_TO;

/** Over a large layer's tiles, which leave out what is changed: what it becomes, then what lies above. From afar paper, first. */
export function paintOverTiles(ctx, view, held) {
  const near = (features) => features.filter((f) => meets(f.box, view.box));
  const { gone, come } = sidesOf(held);
  const [before, after] = [seenJoined(view) ? near(gone) : [], near(come)];
  if (!before.length && !after.length) return;
  if (!before.length) paintAsTiles(ctx, view, held.layer, after);
  ctx.save();
  ctx.beginPath();
  [...before, ...after].forEach((f) => trace(ctx, view, f, false));
  ctx.clip("nonzero");
  ctx.fillStyle = palette().inside;
  before.forEach((f) => { trace(ctx, view, f); ctx.fill("evenodd"); });
  if (before.length) paintAsTiles(ctx, view, held.layer, after, 2); // half of an outline is cut off by the clip
  paintLayers(ctx, view, layersOver(held.layer).filter((c) => c.id !== "district"));
  ctx.restore();
}

function paintAsTiles(ctx, view, layer, features, wide = 1) {
  const style = layerStyle(styleOf(layer), state.get("theme"));
  const classes = classesOf(styleOf(layer), state.get("theme"), state.get("styles")?.schemes);
  const opacity = opacityOf(collection(layer).id);
  ctx.setLineDash([]);
  for (const feature of features) {
    const cls = classFor(classes, feature.properties);
    trace(ctx, view, feature);
    ctx.globalAlpha = opacity * (cls ? 1 : UNCLASSED);
    ctx.fillStyle = cls?.fill ?? style.fill ?? palette().paper;
    ctx.fill("evenodd");
    ctx.globalAlpha = opacity;
    ctx.strokeStyle = cls?.edge ?? style.stroke ?? palette().ink;
    ctx.lineWidth = EDGE * wide;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}
