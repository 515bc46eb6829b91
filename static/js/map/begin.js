/** What the first view waits for: asked for at once, and told when it is seen. */
import { collection } from "../catalogue.js";
import { loadFeatures } from "../features.js";
import { drawnLayers, tiledLayers } from "../order.js";
import { state } from "../state.js";
import { callCrew } from "./tile-crew.js";

const MOST_FRAMES = 120; // then whatever goes on drawing is not the first view

export const frame = () => new Promise((go) => { requestAnimationFrame(go); });

/** The ground first: the rest stands on it. */
export const featuresWanted = () => [...new Set(["district", "rivers", ...drawnLayers().map((c) => c.id)])].filter(collection).map(loadFeatures);

let first = () => {};
/** The map's own beginning, ahead of the panels' too. */
export const atOnce = (act) => { first = act; };

/** What the layers on show are drawn from is asked for before the panels have told of them. */
export function beginEarly() {
  const undo = state.on("catalogue", () => {
    undo();
    if (tiledLayers().length) callCrew();
    Promise.allSettled(featuresWanted());
    first();
  });
}

/** For whoever measures: everything has come, nothing waits to be drawn, and what was drawn has been painted. */
export async function tellDrawn(features, tiles, isDrawing) {
  await features;
  await Promise.all([...tiles.values()].map((layer) => layer.isLoading() && new Promise((go) => { layer.once("load", go); })));
  await frame(); // when those who heard of it have asked for theirs
  for (let left = MOST_FRAMES; left && isDrawing(); left -= 1) await frame();
  await frame();
  await frame();
  performance.mark("layers-drawn");
}
