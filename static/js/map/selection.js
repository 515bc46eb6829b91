/** The selected feature and the one under the pointer: shown by ink and casing, never by hue. */
import { collection } from "../catalogue.js";
import { knownFeature } from "../features.js";
import { state } from "../state.js";
import { palette } from "./palette.js";
import { spots, trace } from "./shapes.js";
import { cased, dot, hatchInside } from "./strokes.js";

let fetched = null; // a selected feature that the layers do not hold (tiled layers)

export function showFetched(feature) {
  fetched = feature;
}

function featureOf(ref) {
  if (!ref) return null;
  const known = knownFeature(ref.layer, ref.id);
  return known ?? (fetched?.id === ref.id ? fetched : null);
}

export function paintSelection(ctx, view) {
  const selected = state.get("selection");
  const hovered = state.get("hover");
  if (hovered && hovered.id !== selected?.id) paintHover(ctx, view, featureOf(hovered));
  paintSelected(ctx, view, featureOf(selected));
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

export const isPoint = (ref) => collection(ref?.layer)?.geometry_type === "point";
