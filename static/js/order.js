/** What is drawn over what: by kind and meaning, until the reader moves a layer. */
import { isOn, isTiled } from "./catalogue.js";
import { arrange, moved, told } from "./lib/stacking.js";
import { state } from "./state.js";

const ORDER = ["district", "strategic-zones", "existing-land-use", "parcels", "old-villages", "functional-groups", "industrial-parks"];
const KIND = { polygon: 0, any: 0, line: 1000, point: 2000 };
const ALWAYS = "district"; // its line is drawn last, over everything

function rank(c) {
  if (c.id === ALWAYS) return -2;
  if (isTiled(c.id)) return -1; // large layers lie below what is drawn around their features
  const at = ORDER.indexOf(c.id);
  return (KIND[c.geometry_type] ?? 0) + (at < 0 ? ORDER.length : at);
}

let plan = { of: null, order: [] };

/** Made once of a catalogue: whoever draws asks for every layer. */
function planned() {
  const catalogue = state.get("catalogue");
  if (plan.of !== catalogue) plan = { of: catalogue, order: [...(catalogue?.collections.values() ?? [])].sort((a, b) => rank(a) - rank(b)) };
  return plan.order;
}

/** Collections from the bottom of the drawing to its top. */
export function drawingOrder() {
  const plan = planned();
  const placed = state.get("order");
  if (!placed.length) return plan;
  const byId = new Map(plan.map((c) => [c.id, c]));
  return arrange([...byId.keys()], placed).map((id) => byId.get(id));
}

export const drawnLayers = () => drawingOrder().filter((c) => isOn(c.id) && !isTiled(c.id));
export const tiledLayers = () => drawingOrder().filter((c) => isOn(c.id) && isTiled(c.id));

/** The layers that the reader can move: those that are on, lowest first. */
export const movable = () => drawingOrder().filter((c) => isOn(c.id) && c.id !== ALWAYS);
export const isMoved = () => state.get("order").length > 0;

/** Move a layer up (over others) or down. Its place among those that are on, from the top, or null if it stayed. */
export function moveLayer(id, steps) {
  const shown = movable().map((c) => c.id);
  const before = drawingOrder().map((c) => c.id);
  const after = moved(before, id, steps, shown);
  if (after === before) return null;
  const kept = (ids) => ids.filter((one) => shown.includes(one));
  state.set({ order: told(kept(after), kept(planned().map((c) => c.id))) });
  return kept(after).reverse().indexOf(id) + 1;
}

export const restoreOrder = () => state.set({ order: [] });

/** How many of the large layers on show lie below this one. */
function tilesBelow(id) {
  const order = drawingOrder().filter((c) => isOn(c.id));
  return order.slice(0, order.findIndex((c) => c.id === id)).filter((c) => isTiled(c.id)).length;
}

/** Whether a large layer lies below this one: then what is guessed may not colour what is drawn. */
export const liesOnTiles = (id) => tilesBelow(id) > 0;

/** What is drawn over so many of the large layers, and under the next. */
export const layersOverTiles = (count) => drawnLayers().filter((c) => c.id !== ALWAYS && tilesBelow(c.id) === count);

/** Layers over this one. */
export function layersOver(id) {
  const order = drawnLayers();
  const all = drawingOrder();
  const at = all.findIndex((c) => c.id === id);
  return order.filter((c) => all.indexOf(c) > at);
}

/** Hits by what lies on top, when the reader has said what does; else as they come. */
export function byOrder(hits) {
  if (!isMoved()) return hits;
  const at = new Map(drawingOrder().map((c, i) => [c.id, i]));
  return [...hits].sort((a, b) => (at.get(b.layer) ?? -1) - (at.get(a.layer) ?? -1));
}
