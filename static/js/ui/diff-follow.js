/** The map's share of a difference: all of it when it is small, else what is in view, or marks from afar. */
import * as api from "../api.js";
import { prepare } from "../features.js";
import { state } from "../state.js";

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
    state.set({ work: { kind: "review", features: known, overview, chosen: chosen?.id ?? null } });
  };
  let shown = { found: small ? features : [], overview: small ? null : first.overview };
  const ask = async () => {
    const bbox = state.get("view").bbox.map((n) => n.toFixed(6)).join(",");
    const body = await api.get(path, { ...of, bbox, limit: DRAWN, change: only }, { name: "difference", quiet: true });
    const found = body.features.features;
    shown = found.length < body.features.numberMatched ? { found: [], overview: marks() } : { found: found.map(prepare), overview: null };
    draw(shown.found, shown.overview);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => {}), PAUSE_MS); // the next move asks again
  };
  const stop = small ? () => {} : state.on("view", later);
  draw(shown.found, shown.overview);
  return {
    choose(feature) {
      chosen = feature;
      draw(small && only ? features.filter((f) => f.properties.change === only) : shown.found, shown.overview);
    },
    /** One kind alone, or all. */
    only(kind) {
      only = kind;
      if (!small) {
        if (shown.overview) draw([], marks());
        ask().catch(() => {}); // the next move asks again
      }
      else draw(features.filter((f) => !kind || f.properties.change === kind));
    },
    stop() {
      clearTimeout(timer);
      stop();
    },
  };
}

/** The next rows, of one kind or of all. */
export async function moreChanges(path, { kind, offset }, of = {}) {
  const { features } = await api.get(path, { ...of, limit: PAGE, offset: offset || null, change: kind });
  features.features.forEach(prepare);
  return features;
}

/** Where the changes lie: of those at hand and of the marks from afar. */
export function extentOf({ features: { features }, overview = [] }) {
  const boxes = [...features.map((f) => f.box).filter(Boolean), ...overview.map(({ place: [x, y] }) => [x, y, x, y])];
  return boxes.length ? boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]) : null;
}
