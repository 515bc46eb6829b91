/** Published versions, and which of them were current at a moment. */
import * as api from "./api.js";
import { collection, versionOf } from "./catalogue.js";
import { state } from "./state.js";

const kept = new Map(); // "layer@current" -> its versions, newest first

export function versionsOf(id) {
  const key = `${id}@${collection(id).version}`;
  if (!kept.has(key)) {
    const asked = api.get(`collections/${id}/versions`).then((body) => body.versions);
    asked.catch(() => kept.delete(key));
    kept.set(key, asked);
  }
  return kept.get(key);
}

/** A layer that was published once needs no question: the catalogue says when. */
async function publicationsOf(c) {
  if (c.version > 1) return versionsOf(c.id);
  return c.version ? [{ number: c.version, published_at: c.published_at }] : [];
}

const all = () => [...state.get("catalogue").collections.values()];

/** Moments at which something was published, oldest first: [{at, layers: [id]}]. */
export async function moments(ids) {
  const asked = all().filter((c) => ids.includes(c.id));
  const each = await Promise.all(asked.map(async (c) => (await publicationsOf(c)).map((v) => ({ at: v.published_at, id: c.id }))));
  const found = [];
  for (const { at, id } of each.flat().sort((a, b) => (a.at < b.at ? -1 : 1))) {
    const last = found.at(-1);
    // Layers published within a minute are one moment, but a layer published twice is two.
    if (last && Date.parse(at) - Date.parse(last.at) < 60_000 && !last.layers.includes(id)) {
      last.at = at;
      last.layers.push(id);
    } else found.push({ at, layers: [id] });
  }
  return found;
}

/** Show every layer as it was published at `at`, an ISO time; null follows the newest. */
export async function lookBack(at) {
  if (!at) {
    state.set({ asOf: null, versionsThen: null });
    return;
  }
  const then = {};
  await Promise.all(all().map(async (c) => {
    const current = (await publicationsOf(c)).find((v) => v.published_at <= at);
    if (current) then[c.id] = current.number;
  }));
  state.set({ asOf: at, versionsThen: then });
}

/** What a request adds so that it is answered as of the moment that the map shows. */
export const asOf = () => (state.get("asOf") ? { "as-of": state.get("asOf") } : {});
export const isPast = () => Boolean(state.get("asOf") || state.get("planDate") || Object.keys(state.get("pinned")).length);

/** What a question about a layer adds, so that it is answered for what the map shows. */
export function shownAs(id, filter = null) {
  const pinned = state.get("pinned")[id];
  const parts = [filter, planFilter()].filter(Boolean);
  return { ...(pinned ? { version: pinned } : asOf()), filter: parts.length > 1 ? parts.map((p) => `(${p})`).join(" AND ") : parts[0] ?? null };
}

/** The same for the second layer of a question, `name` being its parameter. */
export function otherShownAs(name, id) {
  const moved = state.get("pinned")[id] || state.get("asOf");
  return { [`${name}-version`]: moved ? versionOf(id) ?? 0 : null, [`${name}-filter`]: planFilter() };
}

/** CQL2 for what the plans hold valid on the chosen day; null when no day is chosen. */
export function planFilter() {
  const day = state.get("planDate");
  return day ? `(valid_from IS NULL OR valid_from <= DATE('${day}')) AND (valid_to IS NULL OR valid_to >= DATE('${day}'))` : null;
}
