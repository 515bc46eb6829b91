/** The base maps that the administrator named, and what can be said of the chosen one. */
import * as api from "./api.js";
import { residual } from "./lib/gcj02.js";
import { state } from "./state.js";

/** The named base that is chosen, or null for the map's own. */
export const chosenBase = () => (state.get("basemaps") ?? []).find((b) => b.id === state.get("base")) ?? null;

/** True while pictures stand in for the map's own land and water. */
export const baseCovered = () => Boolean(chosenBase()) && state.get("baseLoaded");

/** Metres by which a base is out at the view's corners; 0 where its datum is ours. */
export function baseError() {
  const view = state.get("view");
  return chosenBase()?.datum === "GCJ-02" && view ? residual([view.lng, view.lat], view.bbox) : 0;
}

export async function loadBasemaps() {
  if (state.get("basemaps")) return;
  try {
    state.set({ basemaps: (await api.get("basemaps")).basemaps });
  } catch {
    state.set({ basemaps: [] }); // the map's own base needs nobody
  }
}
