/** The map's side of the commands, and a selection brought into view. */
import { collection } from "../catalogue.js";
import { answer } from "../commands.js";
import { featuresOf, fetchFeature, loadFeatures } from "../features.js";
import { state } from "../state.js";
import { L } from "./leaflet.js";
import { uncover } from "./frame.js";
import { fitBox, fitDistrict, isHidden } from "./map.js";
import { clearSketch, finish, redoPoint, undoPoint } from "./draw.js";
import { showFetched } from "./selection.js";
import { followPins } from "./work.js";

export function connectMap(map) {
  answer({
    zoom: (step) => map.setZoom(map.getZoom() + step),
    district: () => fitDistrict(map),
    fit: (box) => fitBox(map, box),
    reveal: (box) => isHidden(map, box) && fitBox(map, box),
    go: ({ lng, lat, zoom }) => mark(map, [lat, lng], zoom),
    layer: (id) => fitLayer(map, id),
    locate: (failed) => {
      map.once("locationerror", failed);
      map.locate({ setView: true, maxZoom: 16, enableHighAccuracy: true });
    },
    finish,
    undo: undoPoint,
    redo: redoPoint,
    sketch: clearSketch,
    focus: () => map.getContainer().focus(),
  });
  followPins(map, (number) => state.set({ pinPicked: number }));
  followSelection(map);
}

/** A searched position: shown with a ring until the next click. */
function mark(map, at, zoom) {
  map.setView(at, zoom ?? Math.max(map.getZoom(), 15));
  const ring = L.marker(at, { icon: L.divIcon({ className: "spot-ring", iconSize: [28, 28] }), pane: "pins", interactive: false });
  ring.addTo(map);
  map.once("click", () => ring.remove());
}

const union = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];

async function fitLayer(map, id) {
  await loadFeatures(id);
  const boxes = (featuresOf(id) ?? []).map((f) => f.box).filter(Boolean);
  const box = boxes.length ? boxes.reduce(union) : collection(id)?.extent?.spatial?.bbox?.[0];
  if (box) fitBox(map, box);
}

const keyOf = (ref) => (ref ? `${ref.layer}/${ref.id}` : null);

/** Whatever was chosen comes out from under the panels; entering by its address goes to it. */
function followSelection(map) {
  let lastClick = state.get("asked");
  let brought = null;
  let entering = Boolean(state.get("selection")) && !state.get("startView");
  const bring = async () => {
    const chosen = state.get("selection");
    if (!chosen || !state.get("catalogue")) {
      if (!chosen) brought = null;
      return;
    }
    const feature = await fetchFeature(chosen.layer, chosen.id).catch(() => null);
    if (keyOf(state.get("selection")) !== keyOf(chosen)) return;
    if (entering && !feature?.box) fitDistrict(map); // nowhere to go to: the whole, clear of the panels
    if (!feature) return;
    showFetched(feature);
    state.announce("hover");
    const at = state.get("asked") === lastClick ? null : state.get("asked");
    lastClick = state.get("asked");
    if (feature.box && brought !== keyOf(chosen)) reveal(map, feature.box, { at, entering });
    brought = keyOf(chosen);
    entering = false;
  };
  state.on("selection catalogue", bring);
  bring();
}

function reveal(map, box, { at, entering }) {
  if (entering) fitBox(map, box, 16, { animate: false });
  else if (at) uncover(map, box, at);
  else if (isHidden(map, box)) fitBox(map, box);
}
