/** Where what was found leads, by its kind. */
import { ask } from "../commands.js";
import { byId } from "../dom.js";
import { loadFeatures } from "../features.js";
import { title } from "../i18n.js";
import { state } from "../state.js";
import { kindOf } from "./search-rows.js";

const LAND = "parcels";
const GOALS = {
  position: goToPosition,
  document: openChapter,
  statistic: openStatistic,
  code: openClass,
  collection: ({ collection: id }) => openLayer(id),
};

export const goTo = (result, byKey) => (GOALS[kindOf(result)] ?? openFeature)(result, byKey);

function openFeature({ layer, id }, byKey) {
  state.set({ byKey, place: "map", tool: "select", drawn: null, hits: null, tab: "overview", selection: { layer, id } });
}

function goToPosition({ position }, byKey) {
  ask("go", position);
  if (byKey) ask("focus");
}

function openChapter({ document: id, chapter }) {
  state.set({ tab: "overview", docsAt: chapter, docsFor: null, selection: null, hits: null });
  state.set({ place: "docs", placeId: id });
}

/** A whole layer: switched on, with its legend open. */
function openLayer(id) {
  state.set({ place: "map", panel: true, on: { ...state.get("on"), [id]: true }, open: { ...state.get("open"), [id]: true } });
  loadFeatures(id).catch(() => {});
  const row = byId(`layer-${id}`);
  row?.scrollIntoView({ block: "center" });
  row?.focus();
}

/** What a question in words asks: counted at once, by the statistics that answer it. */
function openStatistic({ statistic, layer, distance }) {
  const isOpen = state.get("drawer") === statistic && state.get("statsLayer") === layer;
  state.set({ place: "map", on: { ...state.get("on"), [layer]: true }, drawer: statistic, statsLayer: layer, statsDistance: String(distance), statsScope: "all" });
  if (isOpen) state.announce("statsLayer");
}

/** A class of land use keeps its colour; one that no feature has leads to the land that could. */
function openClass({ collection: layer, field, code, ...named }) {
  if (!layer) {
    openLayer(LAND);
    return;
  }
  state.set({ place: "map", on: { ...state.get("on"), [layer]: true }, highlight: { layer, field, value: code, label: `${code} ${title(named)}` } });
  ask("layer", layer);
}
