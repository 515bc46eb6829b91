/** What the first view waits for: asked for at once, and told when it is seen. */
import { collection } from "../catalogue.js";
import { loadFeatures } from "../features.js";
import { drawnLayers, tiledLayers } from "../order.js";
import { state } from "../state.js";
import { callCrew } from "./tile-crew.js";

const FRAMES = 4; // the ground, what stands on it, its names; then they are seen

export const frame = () => new Promise((go) => { requestAnimationFrame(go); });

export const featuresWanted = () => [...drawnLayers().map((c) => c.id), "district", "rivers"].filter(collection).map(loadFeatures);

/** What the layers on show are drawn from is asked for before the panels have told of them. */
export function beginEarly() {
  const undo = state.on("catalogue", () => {
    undo();
    Promise.allSettled(featuresWanted());
    if (tiledLayers().length) callCrew();
  });
}

/** For whoever measures. */
export async function tellDrawn(features, tiles) {
  await features;
  await Promise.all([...tiles.values()].map((layer) => layer.isLoading() && new Promise((go) => { layer.once("load", go); })));
  for (let left = FRAMES; left; left -= 1) await frame();
  performance.mark("layers-drawn");
}
