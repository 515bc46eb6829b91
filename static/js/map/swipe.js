/** Swipe: an earlier version of one layer left of a divider, by clipping two canvases in one map. */
import { state } from "../state.js";
import { get } from "../api.js";
import { prepare } from "../features.js";
import { palette } from "./palette.js";
import { meets } from "./scene.js";
import { spots, trace } from "./shapes.js";
import { cased, dot } from "./strokes.js";
import { classesOf, classFor, layerStyle } from "../lib/styling.js";
import { isTiled, styleOf } from "../catalogue.js";

const LIMIT = 10_000;
let old = null; // features of the earlier version

/** Load what the left side shows. */
export async function loadSwipe(swipe) {
  old = null;
  if (!swipe) return;
  const body = await get(`collections/${swipe.layer}/items`, { version: swipe.version, limit: LIMIT }, { name: "swipe" });
  old = body.features.map(prepare);
}

/** The earlier version, over paper, so that the current one does not show through. */
export function paintOld(ctx, view) {
  const swipe = state.get("swipe");
  if (!swipe || !old) return;
  const p = palette();
  const style = layerStyle(styleOf(swipe.layer), state.get("theme"));
  const classes = classesOf(styleOf(swipe.layer), state.get("theme"), state.get("styles")?.schemes);
  if (!isTiled(swipe.layer)) {
    const { min, max } = view.bounds;
    ctx.fillStyle = p.inside;
    ctx.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
  }
  for (const feature of old.filter((f) => meets(f.box, view.box))) {
    const cls = classFor(classes, feature.properties);
    const path = () => trace(ctx, view, feature);
    path();
    ctx.fillStyle = cls?.fill ?? style.fill ?? p.paper;
    if (feature.geometry.type.endsWith("Polygon")) ctx.fill("evenodd");
    cased(ctx, path, { colour: cls?.edge ?? style.stroke ?? p.ink, width: 1.4 });
    for (const spot of spots(view, feature)) dot(ctx, spot, { radius: 4, fill: p.paper, stroke: style.stroke ?? p.metro, width: 1.6 });
  }
}

const box = (x0, x1, { y }, size) => `polygon(${x0}px ${y}px, ${x1}px ${y}px, ${x1}px ${y + size.y}px, ${x0}px ${y + size.y}px)`;

/** Clip the pane of the old version to the left of the divider. */
export function followSwipe(map, scene) {
  const pane = map.getPane("swipe");
  const clip = () => {
    const swipe = state.get("swipe");
    pane.style.display = swipe ? "" : "none";
    if (!swipe) map.getPane("fills").style.clipPath = "";
    if (!swipe) return;
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint([0, 0]);
    const x = corner.x + size.x * swipe.x;
    const tiled = isTiled(swipe.layer);
    pane.style.zIndex = tiled ? 350 : 480; // over the tiles it stands for, under lines and names
    pane.style.clipPath = box(corner.x, x, corner, size);
    map.getPane("fills").style.clipPath = tiled ? box(x, corner.x + size.x, corner, size) : "";
  };
  let shown = null;
  state.on("swipe", () => {
    const swipe = state.get("swipe");
    const key = swipe && `${swipe.layer}@${swipe.version}`;
    clip();
    if (key === shown) return;
    shown = key;
    loadSwipe(swipe).then(() => scene.redraw()).catch(() => state.set({ swipe: null }));
  });
  map.on("move zoom viewreset resize", clip);
  clip();
}
