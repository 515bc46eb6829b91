/** Clicks ask the place; the pointer names what it is over. */
import * as api from "../api.js";
import { collection } from "../catalogue.js";
import { name, title } from "../i18n.js";
import { state } from "../state.js";
import { asOf } from "../versions.js";
import { hitsAt } from "./hit.js";
import { L } from "./leaflet.js";
import { byOrder, tiledLayers } from "../order.js";

const TOOLTIP_MS = 80;

const metresPerPixel = (map) => 40075016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180) / (256 * 2 ** map.getZoom());
const refOf = ({ layer, id }) => ({ layer, id });
const selecting = () => state.get("tool") === "select" && (!state.get("work") || state.get("work").from === "difference");

export function listenToPointer(map) {
  map.on("click", (event) => { if (selecting()) askPlace(map, event.latlng); });
  followHover(map);
}

/** The smallest thing here is opened; what else is here is listed with it. */
async function askPlace(map, latlng) {
  const resolution = metresPerPixel(map);
  const local = hitsAt(latlng, resolution);
  state.set({ asked: { lng: latlng.lng, lat: latlng.lat } });
  if (!tiledLayers().length) {
    show(local);
    return;
  }
  const tiled = await identify(latlng, resolution, tiledLayers().map((c) => c.id)).catch(() => []);
  const rank = (hit) => (collection(hit.layer)?.geometry_type === "polygon" ? 1 : 0);
  show(byOrder([...local.filter((h) => !rank(h)), ...tiled, ...local.filter(rank)]));
}

function show(hits) {
  const refs = hits.map(refOf);
  state.set({ everything: false, hits: refs.length ? refs : null, selection: refs[0] ?? null, tab: "overview" });
}

export async function identify({ lng, lat }, resolution, layers) {
  const params = { lon: lng.toFixed(7), lat: lat.toFixed(7), tolerance_m: Math.max(1, Math.round(resolution * 6)), layers: layers?.join(","), ...asOf() };
  const body = await api.get("identify", params, { name: "identify" });
  return body.features;
}

/** Large shapes say nothing while parcels under them are what is looked at. */
const quiet = (layer) => layer === "district" || (tiledLayers().length > 0 && ["strategic-zones", "functional-groups"].includes(layer));

function followHover(map) {
  const tip = L.tooltip({ direction: "top", offset: [0, -10], className: "map-tip", opacity: 1, pane: "pins" });
  let timer = null;
  map.on("mousemove", (event) => {
    if (!selecting()) return clearHover(map, tip);
    const [hit] = hitsAt(event.latlng, metresPerPixel(map)).filter((h) => !quiet(h.layer));
    map.getContainer().classList.toggle("over-feature", Boolean(hit));
    if (hit?.id !== state.get("hover")?.id) {
      state.set({ hover: hit ? refOf(hit) : null });
      clearTimeout(timer);
      tip.remove();
      if (hit) timer = setTimeout(() => showTip(map, tip, hit), TOOLTIP_MS);
    }
    tip.setLatLng(event.latlng);
    return undefined;
  });
  followPosition(map);
  map.on("mouseout movestart", () => { clearTimeout(timer); clearHover(map, tip); });
  state.on("tool lang", () => clearHover(map, tip));
}

/** The position under the pointer, once a frame. */
function followPosition(map) {
  let at = null;
  const tell = () => state.set({ pointer: at });
  map.on("mousemove", ({ latlng }) => {
    if (at === null || at === state.get("pointer")) L.Util.requestAnimFrame(tell);
    at = { lng: latlng.lng, lat: latlng.lat };
  });
  map.on("mouseout", () => { at = null; tell(); });
}

function clearHover(map, tip) {
  tip.remove();
  if (state.get("hover")) state.set({ hover: null });
}

function showTip(map, tip, { layer, feature }) {
  const box = document.createElement("div");
  const strong = document.createElement("strong");
  strong.textContent = name({ ...feature.properties, id: feature.id });
  const kind = document.createElement("span");
  kind.textContent = title(collection(layer));
  box.append(strong, kind);
  tip.setContent(box).addTo(map);
}
