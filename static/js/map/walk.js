/** Walking the map by keyboard: Tab goes from feature to feature of the active layer, in reading order. */
import { get } from "../api.js";
import { collection, isTiled } from "../catalogue.js";
import { featuresOf, fetchFeature, passes, prepare } from "../features.js";
import { name, t, title } from "../i18n.js";
import { state } from "../state.js";
import { shownAs } from "../versions.js";
import { drawnLayers, tiledLayers } from "../order.js";
import { meets } from "./scene.js";
import { showFetched } from "./selection.js";

const ROW_PX = 48; // features closer than this stand on one line of reading
const MOST = 500; // of a tiled layer, in view

/** The layer that was last looked at, else the topmost that holds areas in view. */
function activeLayer(box) {
  const asked = state.get("selection")?.layer ?? state.get("statsLayer");
  const layers = [...drawnLayers(), ...tiledLayers()].filter((c) => c.id !== "district");
  const own = layers.find((c) => c.id === asked);
  const inView = (c) => isTiled(c.id) || (featuresOf(c.id) ?? []).some((f) => meets(f.box, box));
  return own ?? layers.find((c) => c.id === "functional-groups" && inView(c)) ?? layers.find(inView) ?? null;
}

async function featuresIn(layer, box) {
  const known = isTiled(layer.id)
    ? (await get(`collections/${layer.id}/items`, { bbox: box.map((n) => n.toFixed(6)).join(","), limit: MOST, ...shownAs(layer.id) }, { name: "walk" })).features.map(prepare)
    : featuresOf(layer.id) ?? [];
  return known.filter((f) => meets(f.box, box) && passes(layer.id, f.properties));
}

function readingOrder(map, features) {
  const at = (f) => map.latLngToContainerPoint([(f.box[1] + f.box[3]) / 2, (f.box[0] + f.box[2]) / 2]);
  return features.map((f) => ({ f, p: at(f) }))
    .sort((a, b) => Math.floor(a.p.y / ROW_PX) - Math.floor(b.p.y / ROW_PX) || a.p.x - b.p.x).map(({ f }) => f);
}

export function listenToWalking(map) {
  const element = map.getContainer();
  const announce = document.getElementById("live");
  let list = null; // the features in order, while walking
  let at = -1;
  let layer = null;
  const leave = () => {
    if (list) state.set({ hover: null });
    list = null;
    at = -1;
  };
  const step = async (by) => {
    if (!list) {
      const box = state.get("view").free;
      layer = activeLayer(box);
      list = layer ? readingOrder(map, await featuresIn(layer, box).catch(() => [])) : [];
      at = by > 0 ? -1 : list.length;
    }
    at += by;
    if (at < 0 || at >= list.length) return move(by);
    const feature = list[at];
    if (isTiled(layer.id)) showFetched(feature);
    state.set({ hover: { layer: layer.id, id: feature.id } });
    announce.textContent = t("walk.at", { name: name({ ...feature.properties, id: feature.id }), layer: title(collection(layer.id)), n: at + 1, all: list.length });
    return undefined;
  };
  /** Past the last or before the first: on to what is next in the page. */
  const move = (by) => {
    leave();
    announce.textContent = t("walk.end");
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")].filter((e) => e.getClientRects().length && !e.disabled);
    all[all.indexOf(element) + by]?.focus();
  };
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || state.get("tool") !== "select") return;
    if (event.key === "Tab" && state.get("catalogue")) {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Enter" && list?.[at]) {
      const chosen = { layer: layer.id, id: list[at].id };
      state.set({ selection: chosen, hits: null, tab: "overview", byKey: true });
      fetchFeature(chosen.layer, chosen.id).catch(() => {});
    } else if (event.key === "Escape" && list && !state.get("selection")) {
      event.stopPropagation();
      leave();
      announce.textContent = t("walk.end");
    }
  });
  element.addEventListener("blur", leave);
  map.on("moveend", () => { list = null; });
}
