/** Features of the small layers, kept by layer and version. */
import * as api from "./api.js";
import { collection, isTiled, versionOf } from "./catalogue.js";
import { inForceOn, passesFilter } from "./lib/validity.js";
import { state } from "./state.js";

const LIMIT = 10_000;
const MOMENT_MS = 80;
const kept = new Map(); // "layer@version" -> features
const underway = new Map();

const keyOf = (id) => `${id}@${versionOf(id)}`;

export function note(id, status) {
  state.set({ loading: { ...state.get("loading"), [id]: status } });
}

/** The features of a layer now, or null while they are not here. */
export const featuresOf = (id) => kept.get(keyOf(id)) ?? null;

export async function loadFeatures(id) {
  const key = keyOf(id);
  if (versionOf(id) === null) return []; // not published at the moment shown
  if (kept.has(key) || isTiled(id)) return kept.get(key) ?? [];
  if (!underway.has(key)) underway.set(key, fetchAll(id, key));
  return underway.get(key);
}

/** What did not load, once more: features, or the tiles that failed. */
export const retryLayer = (id) => (isTiled(id) ? state.set({ retried: { layer: id } }) : loadFeatures(id).catch(() => {}));

export function followReturn() {
  const broken = () => Object.entries(state.get("loading")).filter(([, status]) => status === "error");
  state.on("back", () => broken().forEach(([id]) => retryLayer(id)));
}

async function fetchAll(id, key) {
  note(id, "loading");
  try {
    const body = await api.get(`collections/${id}/items`, { limit: LIMIT, version: versionOf(id) }, { quiet: true });
    body.features.forEach(prepare);
    kept.set(key, body.features);
    note(id, "ready");
    return body.features;
  } catch (error) {
    note(id, "error");
    throw error;
  } finally {
    underway.delete(key);
  }
}

/** Layers come one by one: tells when all that were asked for have come, or what has after a moment. */
export function followFeatures(act) {
  let timer = null;
  const tell = () => {
    clearTimeout(timer);
    timer = null;
    act();
  };
  return state.on("loading", () => {
    if (Object.values(state.get("loading")).includes("loading")) timer ??= setTimeout(tell, MOMENT_MS);
    else tell();
  });
}

/** Bounds once, so that hit tests and drawing skip what is far away. */
export function prepare(feature) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (c) => {
    if (typeof c[0] === "number") {
      box[0] = Math.min(box[0], c[0]);
      box[1] = Math.min(box[1], c[1]);
      box[2] = Math.max(box[2], c[0]);
      box[3] = Math.max(box[3], c[1]);
    } else c.forEach(walk);
  };
  if (feature.geometry?.coordinates) walk(feature.geometry.coordinates);
  feature.box = feature.geometry ? box : null;
  return feature;
}

const single = new Map(); // features of tiled layers, or asked for before their layer came

export async function fetchFeature(layer, id) {
  const known = featuresOf(layer)?.find((f) => f.id === id);
  if (known) return known;
  const key = `${keyOf(layer)}/${id}`;
  if (!single.has(key)) {
    const path = `collections/${layer}/items/${encodeURIComponent(id)}`;
    const asked = api.get(path, { version: versionOf(layer) === collection(layer)?.version ? null : versionOf(layer) }).then(prepare);
    asked.catch(() => single.delete(key));
    single.set(key, asked);
  }
  return single.get(key);
}

export const knownFeature = (layer, id) => featuresOf(layer)?.find((f) => f.id === id) ?? null;

export const inForce = (properties) => inForceOn(state.get("planDate"), properties);

/** Whether a feature passes its layer's filter, on the day shown. */
export const passes = (id, properties) => passesFilter(state.get("filters")[id], state.get("planDate"), properties);
