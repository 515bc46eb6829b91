/** The map's share of a difference: all of it when it is small, else what is in view, or marks from afar. */
import * as api from "../api.js";
import { prepare } from "../features.js";
import { dividing } from "../divider.js";
import { state } from "../state.js";
import { ask as askMap } from "../commands.js";

export const PAGE = 300; // rows at a time
const DRAWN = 1500; // shapes at a time
const PAUSE_MS = 250;

/** Draws `first`, a difference's first page, and what the view asks for later; `of` says which difference. Returns {choose, only, stop}. */
export function followDifference(path, first, of = {}) {
  const { features, numberMatched: all } = first.features;
  const small = all <= features.length;
  let chosen = null;
  let timer = null;
  let only = null;
  const marks = () => (only ? first.overview.filter(({ changes }) => changes[only]).map((m) => ({ ...m, count: m.changes[only], changes: { [only]: m.changes[only] } })) : first.overview);
  const draw = (found, overview = null) => {
    const known = chosen && !found.some((f) => f.id === chosen.id) ? [...found, chosen] : found;
    const proposal = of.since ? null : { layer: first.layer, version: first.base_version, changes: shown.found, whole: !shown.overview };
    state.set({ work: { kind: "review", features: known, overview, chosen: chosen?.id ?? null, proposal } });
  };
  let shown = { found: small ? features : [], overview: small ? null : first.overview };
  const isKind = (f) => !only || f.properties.change === only;
  const ask = async () => {
    const bbox = state.get("view").bbox.map((n) => n.toFixed(6)).join(",");
    const change = dividing() ? null : only; // beside a divider stands all of the proposal, whatever is listed
    const body = await api.get(path, { ...of, bbox, limit: DRAWN, change }, { name: "difference", quiet: true });
    const found = body.features.features;
    shown = found.length < body.features.numberMatched ? { found: [], overview: marks() } : { found: found.map(prepare), overview: null };
    draw(shown.found.filter(isKind), shown.overview);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => {}), PAUSE_MS); // the next move asks again
  };
  let divided = Boolean(dividing());
  const stopView = small ? () => {} : state.on("view", later);
  const stopDivider = small ? () => {} : state.on("swipe", () => {
    if (divided === Boolean(dividing())) return;
    divided = !divided;
    if (only) later();
  });
  draw(shown.found, shown.overview);
  return {
    choose(feature) {
      chosen = feature;
      draw(shown.found.filter(isKind), shown.overview);
    },
    /** One kind alone, or all. */
    only(kind) {
      only = kind;
      if (!small) {
        if (shown.overview) draw([], marks());
        ask().catch(() => {}); // the next move asks again
      }
      else draw(features.filter(isKind));
    },
    stop() {
      clearTimeout(timer);
      stopView();
      stopDivider();
    },
  };
}

/** The next rows, of one kind or of all. */
export async function moreChanges(path, { kind, offset }, of = {}) {
  const { features } = await api.get(path, { ...of, limit: PAGE, offset: offset || null, change: kind });
  features.features.forEach(prepare);
  return features;
}

/** The map goes to where the changes lie, unless the address has said where to look. */
export function showExtent(diff) {
  const box = extentOf(diff);
  if (box && state.get("viewHeld") !== state.get("placeId")) askMap("fit", box);
}

/** Where the changes lie: of those at hand and of the marks from afar. */
function extentOf({ features: { features }, overview = [] }) {
  const boxes = [...features.map((f) => f.box).filter(Boolean), ...overview.map(({ place: [x, y] }) => [x, y, x, y])];
  return boxes.length ? boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]) : null;
}
