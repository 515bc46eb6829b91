/** What exists: collections, styles, the session. Fetched once, announced by state. */
import * as api from "./api.js";
import { forgetJobs } from "./jobs.js";
import { layersAsked } from "./url.js";
import { state } from "./state.js";

const TILES_FROM = 2500; // features; more than these come as vector tiles

let known = null; // the catalogue as it came

function catalogueOf(body) {
  known = JSON.stringify(body);
  return { groups: body.groups ?? [], collections: new Map(body.collections.map((c) => [c.id, c])) };
}

let coming = null; // what was asked for before anybody could use it
const asked = () => Promise.all([api.get("collections"), api.get("styles")]);

/** Before the panels are drawn: what the map waits for is under way meanwhile. */
export function askCatalogue() {
  coming = asked();
  coming.catch(() => {}); // told to whoever loads it
}

export async function loadCatalogue() {
  const answers = coming ?? asked();
  coming = null;
  const [body, styles] = await answers;
  const catalogue = catalogueOf(body);
  state.set({ styles, ...initialLayers(catalogue.collections), ...withoutMissing(catalogue.collections), catalogue });
}

/** A version that the address names and that is none gives way to the current one; the banner says so. */
function withoutMissing(collections) {
  const isNone = (id, n) => collections.has(id) && !(Number.isInteger(n) && n >= 1 && n <= (collections.get(id).version ?? 0));
  const pins = Object.entries(state.get("pinned"));
  const { layer, version } = state.get("swipe") ?? {};
  const missing = pins.filter(([id, n]) => isNone(id, n));
  const patch = missing.length ? { pinned: Object.fromEntries(pins.filter(([id, n]) => !isNone(id, n))) } : {};
  const split = version !== undefined && isNone(layer, version);
  if (split) patch.swipe = null;
  return { ...patch, versionsMissing: split ? [...missing, [layer, version]] : missing };
}

function initialLayers(collections) {
  const asked = layersAsked();
  const on = {};
  const opacity = {};
  for (const { id, visible } of collections.values()) {
    on[id] = asked.ids ? asked.ids.includes(id) : Boolean(visible);
    if (asked.values?.[id] !== undefined) opacity[id] = Math.min(1, asked.values[id] / 100);
  }
  return { on, opacity };
}

/**
 * After something was published: the new versions, nothing else changes. Where nothing has come, nothing is
 * drawn anew: a button that is replaced between press and release is never clicked.
 */
export async function refreshCatalogue() {
  const body = await api.get("collections");
  if (JSON.stringify(body) === known) return;
  const { layers = {} } = state.get("styles") ?? {};
  const styles = body.collections.some(({ id }) => !(id in layers)) ? { styles: await api.get("styles") } : {}; // of layers that a login has shown
  state.set({ ...styles, catalogue: catalogueOf(body) });
}

export const collection = (id) => state.get("catalogue")?.collections.get(id);
export const collectionsOf = (group) =>
  [...(state.get("catalogue")?.collections.values() ?? [])].filter((c) => c.group === group);
/** The version shown: pinned, of the moment looked back to, or the newest. Null: none then. */
export function versionOf(id) {
  const pinned = state.get("pinned")[id];
  if (pinned || !state.get("asOf")) return pinned ?? collection(id)?.version ?? null;
  return state.get("versionsThen")?.[id] ?? null;
}
export const isTiled = (id) => (collection(id)?.feature_count ?? 0) > TILES_FROM;
export const fieldOf = (id, field) => collection(id)?.fields?.find((f) => f.name === field);
export const styleOf = (id) => state.get("styles")?.layers?.[id] ?? {};
export const isOn = (id) => Boolean(state.get("on")[id]);
export const opacityOf = (id) => state.get("opacity")[id] ?? 1;

function begin(session) {
  api.setCsrf(session.csrf);
  state.set({ session, ended: false });
}

export async function loadSession() {
  begin(await api.get("session").catch((error) => { api.setCsrf(null); throw error; }));
}

const openSession = (token) => api.post("session", { token }, { quiet: true });

export async function login(token) {
  begin(await openSession(token));
  refreshCatalogue().catch(() => {}); // layers that only they may see; nobody waits for them
}

const isSame = (a, b) => a?.name === b?.name && a?.role === b?.role;

/**
 * The login goes on, with a token or where another tab has made it: true for the person who was here,
 * to whom nothing on the page changes; anybody else begins anew; null while nobody is logged in.
 */
export async function resume(token = null) {
  const session = token ? await openSession(token) : await api.get("session");
  if (!session.principal) return null;
  const same = isSame(session.principal, state.get("session").principal);
  if (!same) begin(session);
  else api.setCsrf(session.csrf);
  state.set({ ended: false });
  return same;
}

/**
 * Here, or with `everywhere` on every machine that this person is logged in at. The page begins anew: of what only
 * they might see nothing stays drawn, listed or remembered for the next to sit here.
 */
export async function logout({ everywhere = false } = {}) {
  forgetJobs(state.get("session").principal?.name);
  await api.remove(everywhere ? "sessions" : "session");
  location.reload();
}

const RANKS = ["viewer", "editor", "reviewer", "admin"];
export function may(role) {
  const { principal } = state.get("session");
  return RANKS.indexOf(principal?.role) >= RANKS.indexOf(role);
}

export function toggleLayer(id, value = !isOn(id)) {
  state.set({ on: { ...state.get("on"), [id]: value } });
}

export function setFilter(id, filter) {
  const { [id]: _, ...rest } = state.get("filters");
  state.set({ filters: filter ? { ...rest, [id]: filter } : rest });
}
