/** The map: its panes, its view, and what listens to what. */
import { collection, opacityOf, versionOf } from "../catalogue.js";
import { followFeatures, loadFeatures } from "../features.js";
import { dividing } from "../divider.js";
import { state } from "../state.js";
import { paintBase, paintBoundary } from "./base.js";
import { atOnce, featuresWanted, frame, tellDrawn } from "./begin.js";
import { followBasemap } from "./basemap.js";
import { followCodes } from "./codes.js";
import { fitPadding, freeBox, freePadding, isThere } from "./frame.js";
import { paintLabels } from "./labels.js";
import { L } from "./leaflet.js";
import { tiledLayers } from "../order.js";
import { isDrawing, nextFrame, Scene, scenesWaiting } from "./scene.js";
import { followPaper } from "./paper.js";
import { paintSelection } from "./selection.js";
import { followSwipe, paintLeft, paintRight } from "./swipe.js";
import { layersBelow, layersBetween, paintBelow, paintBetween, paintThematic } from "./thematic.js";
import { VectorTiles } from "./tiles.js";
import { Veil } from "./veil.js";
import { Wheel } from "./wheel.js";
import { listenToPointer } from "./pointer.js";
import { listenToWalking } from "./walk.js";
import { paintWork } from "./work.js";
import { paintDrawing, listenToDrawing } from "./draw.js";

const HOME = [[23.040, 113.165], [23.160, 113.275]]; // until the boundary has loaded
const PANES = { basemap: 150, base: 200, below: 290, fills: 300, outlines: 400, swipe: 480, "swipe-right": 480, diff: 500, selected: 550, labels: 600, veil: 640, pins: 650 };
const still = matchMedia("(prefers-reduced-motion: reduce)");

export async function createMap(element, breath) {
  const map = L.map(element, {
    zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.75, scrollWheelZoom: false,
    minZoom: 9, maxZoom: 20, inertia: !still.matches, fadeAnimation: false, keyboardPanDelta: 80,
    zoomAnimation: !still.matches, doubleClickZoom: true,
  });
  for (const [name, index] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.classList.add(`pane-${name}`);
    pane.style.zIndex = index;
    if (name !== "pins") pane.style.pointerEvents = "none";
  }
  const scenes = createScenes(map);
  await breath();
  openView(map);
  Object.values(scenes).forEach((scene) => scene.addTo(map));
  const tiles = new Map();
  followLayers(map, scenes, tiles);
  followBasemap(map);
  followStyle(scenes, tiles);
  followView(map);
  followPaper(map, scenes);
  followSwipe(map, scenes, tiles);
  followWheel(map);
  followCodes(() => scenes.labels.redraw());
  listenToPointer(map);
  listenToWalking(map);
  listenToDrawing(map, scenes.drawing);
  followPrint(map);
  return map;
}

function followWheel(map) {
  const busy = () => {
    let loading = scenesWaiting();
    map.eachLayer((layer) => { loading ||= Boolean(layer.isLoading?.()); });
    return loading;
  };
  return new Wheel(map, new Veil(PANES.veil).addTo(map), busy);
}

const nothingYet = () => !Object.values(state.get("loading")).includes("ready");
const noAnswer = () => !Object.values(state.get("loading")).some((status) => status !== "loading");

/** The paper's frame is on the map while the print page places it. */
function followPrint(map) {
  let end = null;
  state.on("printFrame", async () => {
    const wanted = Boolean(state.get("printFrame"));
    if (wanted && !end) {
      end = () => {};
      const { followFrame } = await import("./print-frame.js");
      if (state.get("printFrame")) end = followFrame(map);
      else end = null;
    } else if (!wanted) {
      end?.();
      end = null;
    }
  });
}

function createScenes() {
  const top = (ctx, view) => {
    paintThematic(ctx, view);
    paintBoundary(ctx, view);
  };
  return {
    base: new Scene(paintBase, { pane: "base", idle: noAnswer }),
    below: new Scene(paintBelow, { pane: "below", idle: () => !layersBelow().length }),
    plan: new Scene(top, { pane: "outlines", idle: nothingYet }),
    left: new Scene(paintLeft, { pane: "swipe", idle: () => !dividing() }),
    right: new Scene(paintRight, { pane: "swipe-right", idle: () => !dividing() }),
    work: new Scene(paintWork, { pane: "diff", idle: () => !state.get("work") }),
    selected: new Scene(paintSelection, { pane: "selected", idle: () => !state.get("selection") && !state.get("hover") && !state.get("compare").length }),
    labels: new Scene(paintLabels, { pane: "labels", padding: 0, idle: nothingYet }),
    drawing: new Scene(paintDrawing, { pane: "selected", idle: () => state.get("tool") === "select" && !state.get("drawn") }),
  };
}

function openView(map) {
  const start = state.get("startView");
  if (start) map.setView([start.lat, start.lng], start.zoom, { animate: false });
  else fitWhole(map, L.latLngBounds(HOME), { animate: false });
}

function followLayers(map, scenes, tiles) {
  const open = districtOpener(map);
  let opened = false;
  atOnce(() => {
    open();
    syncTiles(map, tiles);
  });
  const sync = async () => {
    const features = Promise.allSettled(featuresWanted());
    await frame(); // when the panels that the address asks for stand
    if (!opened) open.again();
    syncTiles(map, tiles);
    syncBetween(map, scenes, tiles.size);
    if (opened) redrawAll(scenes); // at first what has come does, once
    opened = true;
    tellDrawn(features, tiles, isDrawing);
  };
  state.on("catalogue on order pinned versionsThen", sync);
  followFeatures(() => redrawAll(scenes));
  if (state.get("catalogue")) sync();
}

/** Without a view in the address the page opens on the district, before anything is asked for; again when the panels stand. */
function districtOpener(map) {
  const due = !state.get("startView") && !state.get("selection") && state.get("compare").length !== 2;
  let at = null; // where it has opened
  const open = () => {
    const box = due && collection("district")?.extent?.spatial?.bbox?.[0];
    if (!box) return;
    const [west, south, east, north] = box;
    fitWhole(map, L.latLngBounds([south, west], [north, east]), { animate: false });
    at = map.getCenter();
  };
  open.again = () => (!at || at.equals(map.getCenter())) && open(); // unless somebody has moved it
  return open;
}

function syncTiles(map, tiles) {
  const wanted = new Set(tiledLayers().map((c) => c.id).filter((id) => versionOf(id) !== null));
  for (const [id, layer] of tiles) {
    if (wanted.has(id) && layer.version === versionOf(id)) continue;
    layer.remove();
    tiles.delete(id);
  }
  for (const id of wanted) {
    if (tiles.has(id)) continue;
    const layer = new VectorTiles(id, { pane: "fills", opacity: opacityOf(id) });
    tiles.set(id, layer); // before it is added: who hears of that looks here
    layer.addTo(map);
  }
  tiledLayers().forEach((c, i) => tiles.get(c.id)?.setZIndex(2 * i + 2));
  map.fire("stacked");
}

/** A canvas between each two large layers, once something lies there. */
function syncBetween(map, scenes, count) {
  for (let n = 1; n < count; n += 1) {
    if (scenes[`over-${n}`] || !layersBetween(n).length) continue;
    const scene = new Scene(paintBetween(n), { pane: "fills", zIndex: 2 * n + 1, idle: () => !layersBetween(n).length });
    scenes[`over-${n}`] = scene.addTo(map);
  }
}

/** One a frame, so that none is long: the ground first, names last. */
function redrawAll({ labels, ...scenes }) {
  [...Object.values(scenes), labels].forEach((scene) => scene.redrawInTurn());
}

function followStyle(scenes, tiles) {
  state.on("theme opacity filters highlight bandIds lang base baseLoaded planDate", () => redrawAll(scenes));
  state.on("theme filters highlight bandIds planDate", () => tiles.forEach((layer) => layer.repaint()));
  state.on("opacity", () => tiles.forEach((layer) => layer.fade()));
  state.on("selection hover compare", () => { scenes.selected.redraw(); });
  state.on("selection panel drawer place", () => nextFrame(() => scenes.labels.redraw()));
  state.on("work swipe place", () => { scenes.work.redraw(); });
  state.on("work", () => nextFrame(() => scenes.labels.redraw()));
  state.on("drawn tool", () => { scenes.drawing.redraw(); });
  state.on("drawn unit", () => { scenes.labels.redraw(); });
}

function followView(map) {
  const tell = () => {
    const { lat, lng } = map.getCenter();
    const b = map.getBounds();
    state.set({ view: { lng, lat, zoom: map.getZoom(), bbox: [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()], free: freeBox(map) } });
  };
  map.on("moveend", tell);
  state.on("selection panel drawer place", () => requestAnimationFrame(tell));
  const box = map.getContainer();
  new ResizeObserver(() => box.offsetWidth && map.invalidateSize({ animate: false, pan: false })).observe(box); // on paper it has no size
  tell();
}

/** As large as the free part allows: the steps of zooming do not count here. */
function fitWhole(map, bounds, options) {
  const nw = map.project(bounds.getNorthWest(), 12);
  const se = map.project(bounds.getSouthEast(), 12);
  const padding = fitPadding(map, Math.max(0.02, (se.x - nw.x) / Math.max(se.y - nw.y, 1)));
  const { zoomSnap } = map.options;
  map.options.zoomSnap = 0;
  if (options.animate === false) {
    const { center, zoom } = map._getBoundsCenterZoom(bounds, { ...padding, ...options });
    if (!isThere(map, center, zoom)) map.setView(center, zoom, options);
  } else map.flyToBounds(bounds, { ...padding, ...options });
  map.options.zoomSnap = zoomSnap;
}

/** Show a box (west, south, east, north) in the free part of the map. */
export function fitBox(map, [west, south, east, north], maxZoom = 16, { animate = !still.matches } = {}) {
  const bounds = L.latLngBounds([south, west], [north, east]);
  fitWhole(map, bounds, animate ? { maxZoom, duration: 0.5 } : { maxZoom, animate: false });
}

export async function fitDistrict(map) {
  const [feature] = await loadFeatures("district").catch(() => []);
  if (feature?.box) fitBox(map, feature.box, 15);
  else fitWhole(map, L.latLngBounds(HOME), { animate: false });
}

/** Whether a box is out of sight, or under a panel. */
export function isHidden(map, [west, south, east, north]) {
  const { paddingTopLeft: a, paddingBottomRight: b } = freePadding(map);
  if (!a) return true;
  const size = map.getSize();
  const nw = map.latLngToContainerPoint([north, west]);
  const se = map.latLngToContainerPoint([south, east]);
  return nw.x < a.x - 20 || nw.y < a.y - 20 || se.x > size.x - b.x + 20 || se.y > size.y - b.y + 20;
}
