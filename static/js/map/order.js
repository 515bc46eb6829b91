/** What is drawn over what: fixed by kind and meaning, never by the reader. */
import { isOn, isTiled } from "../catalogue.js";
import { state } from "../state.js";

const ORDER = ["district", "strategic-zones", "parcels", "old-villages", "functional-groups", "industrial-parks"];
const KIND = { polygon: 0, any: 0, line: 1000, point: 2000 };

const rank = (c) => {
  const at = ORDER.indexOf(c.id);
  return (KIND[c.geometry_type] ?? 0) + (at < 0 ? ORDER.length : at);
};

/** Collections from the bottom of the drawing to its top. */
export const drawingOrder = () => [...(state.get("catalogue")?.collections.values() ?? [])]
  .sort((a, b) => rank(a) - rank(b));

export const drawnLayers = () => drawingOrder().filter((c) => isOn(c.id) && !isTiled(c.id));
export const tiledLayers = () => drawingOrder().filter((c) => isOn(c.id) && isTiled(c.id));
