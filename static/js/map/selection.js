/** The selected feature and the one under the pointer: shown by ink and casing, never by hue. */
import { fetchFeature, knownFeature } from "../features.js";
import { state } from "../state.js";
import { palette } from "./palette.js";
import { toPoint } from "./scene.js";
import { spots, trace } from "./shapes.js";
import { cased, dot, hatchInside } from "./strokes.js";

let fetched = null; // a selected feature that the layers do not hold (tiled layers)
const pair = new Map(); // the compared ones, wherever they come from

export function showFetched(feature) {
  fetched = feature;
}

const keyOf = (ref) => `${ref.layer}/${ref.id}`;
state.on("compare catalogue", async () => {
  if (!state.get("catalogue")) return;
  const refs = state.get("compare");
  await Promise.allSettled(refs.map(async (r) => pair.set(keyOf(r), await fetchFeature(r.layer, r.id))));
  if (refs.length) state.announce("hover");
});

function featureOf(ref) {
  if (!ref) return null;
  const known = knownFeature(ref.layer, ref.id);
  return known ?? (fetched?.id === ref.id ? fetched : null);
}

export function paintSelection(ctx, view) {
  const selected = state.get("selection");
  const hovered = state.get("hover");
  if (hovered && hovered.id !== selected?.id) paintHover(ctx, view, featureOf(hovered));
  state.get("compare").forEach((ref, i) => paintCompared(ctx, view, pair.get(keyOf(ref)), "AB"[i]));
  paintSelected(ctx, view, featureOf(selected));
}

/** A letter at the middle tells which column this is. */
function paintCompared(ctx, view, feature, letter) {
  if (!feature?.geometry) return;
  paintSelected(ctx, view, feature);
  const [w, , e, n] = feature.box;
  const [x, y] = toPoint(view, [(w + e) / 2, n]);
  const p = palette();
  const at = feature.geometry.type.includes("Point") ? [x, y - 24] : [x, y]; // where no name is written
  dot(ctx, at, { radius: 11, fill: p.selected, stroke: p.selectedCasing, width: 2 });
  ctx.fillStyle = p.selectedCasing;
  ctx.font = `700 13px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(letter, ...at);
}

function paintHover(ctx, view, feature) {
  if (!feature?.geometry) return;
  const p = palette();
  cased(ctx, () => trace(ctx, view, feature), { colour: p.ink, width: 1.8, casing: p.casing, casingWidth: 4.4 });
  for (const spot of spots(view, feature)) dot(ctx, spot, { radius: 7, fill: "transparent", stroke: p.ink, width: 1.8 });
}

function paintSelected(ctx, view, feature) {
  if (!feature?.geometry) return;
  const p = palette();
  const path = () => trace(ctx, view, feature);
  const dash = feature.properties.evidence === "indicative" ? [9, 5] : [];
  if (feature.geometry.type.endsWith("Polygon")) {
    hatchInside(ctx, path, { colour: p.selected, band: 15, alpha: 0.4 });
  }
  cased(ctx, path, { colour: p.selected, width: 3, dash, casing: p.selectedCasing, casingWidth: 7 });
  for (const spot of spots(view, feature)) {
    dot(ctx, spot, { radius: 9, fill: "transparent", stroke: p.selectedCasing, width: 6 });
    dot(ctx, spot, { radius: 9, fill: "transparent", stroke: p.selected, width: 3 });
  }
}
