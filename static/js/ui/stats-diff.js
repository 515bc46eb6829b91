/** Two versions of a layer: what was added, changed, removed, left as it was; by sign and word, then colour. */
import * as api from "../api.js";
import { fieldOf, isTiled, may } from "../catalogue.js";
import { ask } from "../commands.js";
import { button, fill, h, keepFocus } from "../dom.js";
import { prepare } from "../features.js";
import { day, errorText, joined, name, t, title } from "../i18n.js";
import { difference } from "../lib/difference.js";
import { area, inUnit, number, signed } from "../lib/format.js";
import { middle } from "../divider.js";
import { everyFeature } from "../paging.js";
import { state } from "../state.js";
import { versionsOf } from "../versions.js";
import { empty, failure, select, skeleton } from "./controls.js";
import { dataTable, figure, num } from "./data-table.js";
import { setExports } from "./stats-frame.js";
import { followJob } from "./jobs.js";
import { toast } from "./toast.js";

const MOST = 50_000; // features of a version held against another's in the page
const LISTED = 500; // rows at a time
const SIGNS = { add: "+", remove: "−", change_geometry: "↗", change_attributes: "=", unchanged: "·" };
const word = (kind) => (kind === "unchanged" ? t("diff.unchanged") : t(`review.${kind}`));
let only = null; // the kind listed alone
let listed = LISTED;

const sign = (kind) => h(`span.diff-sign.${kind}`, { "aria-hidden": "true" }, SIGNS[kind]);

function chosenPair(versions) {
  const numbers = versions.map((v) => v.number);
  const { a, b } = state.get("diff") ?? {};
  const last = numbers.at(-1);
  return { a: numbers.includes(a) && a !== b ? a : last - 1, b: numbers.includes(b) ? b : last };
}

/** What panels leave free of the map; where they cover it, as on a phone, all that lies below them too. */
function inSight() {
  const { free: [w, s, e, n], bbox } = state.get("view");
  const wide = (e - w) * (n - s) > ((bbox[2] - bbox[0]) * (bbox[3] - bbox[1])) / 5;
  return e > w && n > s && wide ? [w, s, e, n] : bbox;
}

async function featuresAt(layer, version) {
  const bbox = isTiled(layer.id) ? inSight().map((n) => n.toFixed(6)).join(",") : null;
  if (bbox) {
    const { numberMatched: matched } = await api.get(`collections/${layer.id}/items`, { version, bbox, resulttype: "hits" });
    if (matched > MOST) return { features: [], matched, whole: false }; // none is brought for nothing
  }
  return everyFeature(layer.id, { version, bbox }, { most: MOST });
}

export async function diffView(body, layer) {
  setExports([]);
  const versions = [...await versionsOf(layer.id).catch(() => [])].reverse(); // oldest first
  if (!body.isConnected) return;
  state.set({ work: null });
  if (versions.length < 2) {
    fill(body, empty(t("diff.one"), { iconName: "history" }));
    return;
  }
  const pair = chosenPair(versions);
  const result = h("div.stats-result.single.scroll", { tabindex: "0" }, skeleton(6));
  const options = [...versions].reverse().map((v) => [String(v.number), `${t("version.n", { n: v.number })} · ${day(v.published_at)}`]);
  const change = (part) => { only = null; listed = LISTED; state.set({ diff: { ...pair, ...part } }); keepFocus(body, () => diffView(body, layer)); };
  fill(body, h("div.stats-controls", {},
    select({ label: t("diff.from"), value: String(pair.a), options, change: (v) => change({ a: Number(v) }) }),
    select({ label: t("diff.to"), value: String(pair.b), options, change: (v) => change({ b: Number(v) }) }),
    button("secondary", t("diff.swipe"), { onclick: () => state.set({ swipe: { layer: layer.id, version: pair.a, x: middle() } }) }, "swipe"),
    may("editor") && pair.a < layer.version && button("quiet", t("diff.restore", { n: pair.a }), { "data-act": "restore", onclick: (event) => restore(event.currentTarget, layer, pair.a) }),
    isTiled(layer.id) && h("span.cap", {}, t("diff.view"))), result);
  state.set({ diff: pair });
  load(result, layer, pair);
}

/** A changeset that makes an older version the next one; another person approves it. */
async function restore(control, layer, version) {
  control.disabled = true;
  try {
    const { id } = await api.post(`collections/${layer.id}/versions/${version}/restore`);
    followJob("changesets", id, title(layer));
    toast(t("diff.restoring", { name: title(layer), n: version }));
  } catch (error) {
    control.disabled = false;
    toast(errorText(error));
  }
}

async function load(result, layer, { a, b }) {
  try {
    const [before, after] = await Promise.all([featuresAt(layer, a), featuresAt(layer, b)]);
    if (!result.isConnected) return;
    // Half of a version held against half of another would tell of changes that nobody made.
    if (!before.whole || !after.whole) fill(result, tooMany(Math.max(before.matched, after.matched), layer));
    else show(result, layer, difference(before.features, after.features));
  } catch (error) {
    fill(result, failure(errorText(error), () => load(result, layer, { a, b }), t("action.retry")));
  }
}

const tooMany = (n, layer) => empty(t("diff.tooMany", { n: number(n), most: number(MOST) }), { iconName: "warning", note: isTiled(layer.id) ? t("diff.zoom") : null });

/** What the map draws of it: shape and sign first, colour second. */
function mapped({ id, change, before, after }) {
  const f = after ?? before;
  return prepare({ id, geometry: f.geometry, properties: { ...f.properties, change, before_geometry: before?.geometry } });
}

function show(result, layer, diff) {
  const changed = diff.rows.filter((r) => r.change !== "unchanged");
  const drawn = changed.filter((r) => (r.after ?? r.before).geometry).map(mapped);
  state.set({ work: { kind: "review", from: "difference", features: drawn, chosen: null } });
  const again = () => show(result, layer, diff);
  const rows = only ? diff.rows.filter((r) => r.change === only) : changed;
  fill(result, h("div.diff-counts", { role: "group", "aria-label": t("stats.diff") }, Object.entries(diff.counts).map(([kind, n]) => count(kind, n, again))),
    changed.length || only ? [table(rows.slice(0, listed), layer), rest(rows.length, again)] : nothing(diff.counts.unchanged));
}

/** Nothing differs; of nothing that cannot be said. */
const nothing = (n) => (n ? empty(t("diff.none", { n: number(n) }), { iconName: "check" }) : empty(t("diff.nowhere"), { iconName: "info" }));

/** How many rows stand below those listed, and the way to them. */
function rest(all, again) {
  if (all <= listed) return null;
  return h("p.table-rest", { "data-rest": "diff" }, h("span.cap", {}, t("rest.first", { n: number(listed), all: number(all) })),
    button("secondary small", t("rest.more", { n: number(Math.min(LISTED, all - listed)) }), { onclick: () => { listed += LISTED; again(); } }));
}

function count(kind, n, again) {
  return h("button.diff-count", { type: "button", "data-diff": kind, "aria-pressed": String(only === kind), onclick: () => { only = only === kind ? null : kind; listed = LISTED; again(); } },
    sign(kind), h("strong", {}, number(n)), h("span", {}, word(kind)));
}

const measured = (f) => (f?.properties.area_m2 ? area(f.properties.area_m2, state.get("unit")) : "—");

function delta({ before, after }) {
  const m2 = (after?.properties.area_m2 ?? 0) - (before?.properties.area_m2 ?? 0);
  return signed(inUnit(m2, state.get("unit")), { mu: 2, ha: 4, m2: 0 }[state.get("unit")]);
}

function pick(row) {
  const feature = mapped(row);
  state.set({ work: { ...state.get("work"), chosen: row.id } });
  if (feature.box) ask("reveal", feature.box);
}

function table(rows, layer) {
  const unit = t(`unit.${state.get("unit")}`);
  const what = (r) => joined([r.change === "change_geometry" && t("diff.shape"), ...r.fields.map((key) => title(fieldOf(layer.id, key) ?? { id: key }))].filter(Boolean));
  const amounts = ["diff.before", "diff.after", "diff.delta"].map((key) => num(`${t(key)} ${unit}`));
  return dataTable(t("stats.diff"), [t("diff.kind"), t("table.name"), t("diff.what"), ...amounts],
    h("tbody", {}, rows.map((r) => h("tr", { "data-change": r.change, "data-id": r.id },
      h("td", {}, h("span.diff-kind", {}, sign(r.change), word(r.change))),
      h("th", { scope: "row" }, h("button.link.ink", { type: "button", onclick: () => pick(r) }, name({ ...(r.after ?? r.before).properties, id: r.id }))),
      h("td", {}, what(r) || "—"), figure(measured(r.before)), figure(measured(r.after)), figure(delta(r))))));
}
