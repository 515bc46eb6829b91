/** The plan layers: fills below, outlines above, lines and stations last. */
import { chosenNow } from "../bands.js";
import { isTiled, opacityOf, styleOf } from "../catalogue.js";
import { dividing } from "../divider.js";
import { featuresOf, passes } from "../features.js";
import { emphasisOf } from "../lib/emphasis.js";
import { runs } from "../lib/stacking.js";
import { classesOf, classFor, layerStyle } from "../lib/styling.js";
import { state } from "../state.js";
import { paintWater } from "./base.js";
import { layersOver, layersOverTiles, liesOnTiles, tiledLayers } from "../order.js";
import { palette } from "./palette.js";
import { meets } from "./scene.js";
import { spots, trace } from "./shapes.js";
import { cased, dot, hatchInside, indicativeLine } from "./strokes.js";

const BAND = 11;
const FRAME_TINT = 0.55; // shapes that hold others: a wash, never a solid
const AREAS = ["polygon", "any"];
// Layers whose shapes hold other things get a band, so that what is inside stays readable.
const FRAMES = new Set(["strategic-zones", "functional-groups", "planning-areas", "platforms", "district"]);

/** Of the version on show, or of what a caller brings. */
export const visible = (layer, view) => (layer.features ?? featuresOf(layer.id) ?? [])
  .filter((f) => meets(f.box, view.box) && passes(layer.id, f.properties));

/** 1, or less for what the chosen class leaves out. */
export const emphasis = (layerId, feature) => emphasisOf(chosenNow(), layerId, feature);

function looks(layer) {
  const theme = state.get("theme");
  const style = styleOf(layer.id);
  const classes = classesOf(style, theme, state.get("styles")?.schemes);
  return { style: layerStyle(style, theme), classes };
}

const isIndicative = (f) => f.properties.evidence === "indicative";

/** What lies over every large layer; without one, all there is. */
export function paintThematic(ctx, view) {
  paintLayers(ctx, view, together(layersOverTiles(tiledLayers().length)), paintWater);
}

/** What the reader has put below every large layer. */
export const layersBelow = () => (tiledLayers().length ? layersOverTiles(0) : []);
export const paintBelow = (ctx, view) => paintLayers(ctx, view, together(layersBelow()), paintWater);

/** What the reader has put over so many large layers and under another. */
export const layersBetween = (count) => (count < tiledLayers().length ? layersOverTiles(count) : []);
export const paintBetween = (count) => (ctx, view) => paintLayers(ctx, view, together(layersBetween(count)));

/** Without what is drawn at its side of a divider, or over that. */
function together(layers) {
  const swipe = dividing();
  const apart = swipe ? [swipe.layer, swipe.other].filter((id) => id && !(isTiled(id) && !swipe.other)) : [];
  const over = apart.map((id) => layersOver(id).map((c) => c.id));
  const twice = (id) => over.length > 0 && over.every((ids) => ids.includes(id));
  return layers.filter((c) => !apart.includes(c.id) && !twice(c.id));
}

const kindOf = (layer) => (AREAS.includes(layer.geometry_type) ? "area" : layer.geometry_type);
const PAINT = { area: paintAreas, line: each(paintLines), point: each(paintPoints) };

function each(paint) {
  return (ctx, view, layers) => layers.forEach((layer) => paint(ctx, view, layer));
}

/** Layers of one kind that follow each other are painted together: areas fill first and have their outlines after. */
export function paintLayers(ctx, view, layers, water = null) {
  const parts = runs(layers, kindOf);
  if (water && kindOf(parts[0]?.[0] ?? {}) !== "area") paintAreas(ctx, view, [], water);
  parts.forEach((part, i) => PAINT[kindOf(part[0])](ctx, view, part, i === 0 ? water : null));
}

/** Rivers are guessed too: they lie over washes, but never over parcels. */
function paintAreas(ctx, view, layers, water) {
  for (const layer of layers) paintFills(ctx, view, layer);
  if (water && !tiledLayers().length) water(ctx, view, palette());
  for (const layer of layers) paintOutlines(ctx, view, layer);
}

function paintFills(ctx, view, layer) {
  const { style, classes } = looks(layer);
  const tiled = liesOnTiles(layer.id); // then what is guessed may not colour what is drawn
  const band = FRAMES.has(layer.id) || tiled ? Math.min(BAND, Math.max(5, (view.zoom - 10) * 3)) : 0;
  for (const feature of visible(layer, view)) {
    const alpha = opacityOf(layer.id) * emphasis(layer.id, feature);
    ctx.globalAlpha = alpha;
    const colour = classFor(classes, feature.properties)?.fill ?? style.fill;
    const path = () => trace(ctx, view, feature);
    if (colour && colour !== "none" && !tiled) {
      ctx.globalAlpha = alpha * (FRAMES.has(layer.id) ? FRAME_TINT : 1);
      path();
      ctx.fillStyle = colour;
      ctx.fill("evenodd");
      ctx.globalAlpha = alpha;
    }
    if (isIndicative(feature)) hatchInside(ctx, path, { colour: palette().indicative, band, alpha: band ? 0.42 : 0.3 });
  }
  ctx.globalAlpha = 1;
}

function outline(feature, style, cls, zoom) {
  if (isIndicative(feature)) return indicativeLine(zoom);
  const p = palette();
  return { colour: cls?.edge ?? style.stroke ?? p.ink, width: style.stroke_width ?? 1.4, casing: p.halo, casingWidth: 3.4 };
}

function paintOutlines(ctx, view, layer) {
  const { style, classes } = looks(layer);
  const wide = layer.id === "strategic-zones";
  for (const feature of visible(layer, view)) {
    ctx.globalAlpha = opacityOf(layer.id) * emphasis(layer.id, feature);
    const line = outline(feature, style, classFor(classes, feature.properties), view.zoom);
    if (wide) Object.assign(line, { width: 2.2, dash: [14, 6], casingWidth: 4.6 });
    cased(ctx, () => trace(ctx, view, feature), line);
  }
  ctx.globalAlpha = 1;
}

const PLANNED = /plan|construct|propos|在建|规划/i;

/** Metro in one ink: line colours live in badges, so they do not fight land use. */
function paintLines(ctx, view, layer) {
  const p = palette();
  const { style } = looks(layer);
  const metro = layer.id.startsWith("metro");
  const colour = metro ? p.metro : style.stroke ?? p.metro;
  const width = (metro ? 1.8 : style.stroke_width ?? 1.6) * (view.zoom < 12 ? 0.72 : 1);
  for (const feature of visible(layer, view)) {
    ctx.globalAlpha = opacityOf(layer.id) * emphasis(layer.id, feature);
    const planned = PLANNED.test(feature.properties.status ?? "");
    cased(ctx, () => trace(ctx, view, feature), {
      colour, width, casing: p.casing, casingWidth: width + 2.7, dash: planned ? [6, 4] : [],
    });
  }
  ctx.globalAlpha = 1;
}

const lineCount = (f) => String(f.properties.lines ?? "").split(/[,，、;/|]/).filter((s) => s.trim()).length;
const isInterchange = (feature) => lineCount(feature) > 1;

function paintPoints(ctx, view, layer) {
  if (layer.id !== "metro-stations") {
    paintPlaces(ctx, view, layer);
    return;
  }
  const p = palette();
  const small = view.zoom < 12;
  for (const feature of visible(layer, view)) {
    ctx.globalAlpha = opacityOf(layer.id) * emphasis(layer.id, feature);
    const radius = small ? 2.2 : isInterchange(feature) ? 5 : 4;
    for (const spot of spots(view, feature)) {
      dot(ctx, spot, { radius: radius + 1.2, fill: p.casing, stroke: p.casing, width: 1 });
      dot(ctx, spot, { radius, fill: p.paper, stroke: p.metro, width: isInterchange(feature) ? 2.2 : 1.6 });
    }
  }
  ctx.globalAlpha = 1;
}

/** Other points: a dot in the layer's colour; hollow and dashed when the place is a guess. */
function paintPlaces(ctx, view, layer) {
  const p = palette();
  const { style, classes } = looks(layer);
  for (const feature of visible(layer, view)) {
    ctx.globalAlpha = opacityOf(layer.id) * emphasis(layer.id, feature);
    const cls = classFor(classes, feature.properties);
    const colour = cls?.edge ?? style.stroke ?? p.ink;
    const guess = isIndicative(feature);
    for (const spot of spots(view, feature)) {
      dot(ctx, spot, { radius: 6.2, fill: p.casing, stroke: p.casing, width: 1 });
      ctx.setLineDash(guess ? [3, 2.2] : []);
      dot(ctx, spot, { radius: 4.6, fill: guess ? p.paper : cls?.fill ?? style.fill ?? colour, stroke: guess ? p.indicative : colour, width: 1.8 });
      ctx.setLineDash([]);
    }
  }
  ctx.globalAlpha = 1;
}
