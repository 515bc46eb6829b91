/** Everything a feature overlaps, layer by layer, measured by the service. */
import * as api from "../api.js";
import { collection } from "../catalogue.js";
import { h } from "../dom.js";
import { beside, errorText, name, t, title, words } from "../i18n.js";
import { number, percent } from "../lib/format.js";
import { areaText, lengthText } from "../quantities.js";
import { state } from "../state.js";
import { asOf } from "../versions.js";
import { empty, failure, skeleton } from "./controls.js";
import { layerEvidence } from "./legend.js";
import { badge } from "./evidence.js";
import { spoken } from "./spoken.js";

const TOP = 3;
const SLIVER = 1e-6; // of the feature: a shared edge, not an overlap
const kept = new Map();

function others(layer) {
  return [...state.get("catalogue").collections.values()].filter((c) => c.feature_count && c.id !== "district" && c.id !== layer).map((c) => c.id);
}

export function askOverlap(geometry, layers, key = null) {
  if (key && kept.has(key)) return kept.get(key);
  const moment = new URLSearchParams(asOf()).toString();
  const answer = api.post(`statistics/overlap${moment ? `?${moment}` : ""}`, { geometry, layers });
  if (key) {
    kept.set(key, answer);
    answer.catch(() => kept.delete(key));
  }
  return answer;
}

const keyOf = (feature, layer) => `${layer}/${feature.id}/${[...state.get("catalogue").collections.values()].map((c) => c.version).join(".")}/${state.get("asOf") ?? ""}`;
const overlapsOf = (feature, layer) => askOverlap(feature.geometry, others(layer), keyOf(feature, layer));

export function flatten(body) {
  return Object.entries(body.layers).flatMap(([layer, { features }]) => features.map((f) => ({ ...f, layer })));
}

const real = (row) => row.geometry_type === "point" || row.share_of_geometry > SLIVER || row.length_m > 0 || (!row.area_m2 && row.count);

function amount(row) {
  if (row.area_m2 > 0) return areaText(row.area_m2);
  if (row.length_m > 0) return lengthText(row.length_m);
  return row.count || collection(row.layer)?.geometry_type === "point" ? t("metro.inside") : t("overlap.touch");
}

const open = (row) => state.set({ selection: { layer: row.layer, id: row.id }, hits: null, tab: "overview" });

const called = (row) => [name(row), beside(row)].filter(Boolean).join(" · ");

function overlapRow(row) {
  const share = row.share_of_geometry ?? 0;
  const measured = share > 0 && (row.area_m2 > 0 || row.length_m > 0);
  const bar = h("span.share-bar", { "aria-hidden": "true" });
  bar.style.setProperty("--part", `${Math.min(100, share * 100)}%`);
  return h("li.overlap-row", {},
    h("button.link.ink.clip", { type: "button", title: called(row), onclick: () => open(row) }, spoken(name(row)), beside(row) && h("span.cap.beside", {}, spoken(beside(row)))),
    measured ? bar : h("span"), h("span.num", {}, amount(row)), h("span.num.cap.share", {}, measured ? percent(share) : ""));
}

export function overlapSummary(feature, layer) {
  const list = h("ul.overlap-list");
  const more = h("button.link", { type: "button", onclick: () => state.set({ tab: "overlaps" }) });
  const section = h("section.block", {}, h("div.block-head", {}, h("h2", {}, t("overlap.title")), more), list);
  list.append(skeleton(2));
  overlapsOf(feature, layer).then((body) => {
    const rows = flatten(body).filter(real).sort((a, b) => (b.area_m2 ?? 0) - (a.area_m2 ?? 0));
    list.replaceChildren(...rows.slice(0, TOP).map(overlapRow));
    if (!rows.length) list.append(h("li.cap", {}, t("overlap.none")));
    const unlisted = Object.values(body.layers).reduce((sum, { features, total }) => sum + total.features - features.length, 0);
    more.textContent = rows.length ? t("overlap.all", { n: number(rows.length + unlisted) }) : "";
  }).catch(() => { section.hidden = true; });
  return section;
}

export function overlapGroups(body) {
  return Object.entries(body.layers).map(([id, { features, total, covered_m2: covered }]) => {
    const rows = features.map((f) => ({ ...f, layer: id })).filter(real).sort((a, b) => (b.area_m2 ?? 0) - (a.area_m2 ?? 0) || (b.length_m ?? 0) - (a.length_m ?? 0));
    if (!rows.length) return null;
    const whole = body.geometry.area_m2;
    // Of very many the service lists the largest; its totals count them all.
    const count = features.length < total.features ? total.features : rows.length;
    return h("section.block", { "data-overlap-layer": id },
      h("div.block-head", {}, h("h2", {}, title(collection(id) ?? { id })), layerEvidence(id) && badge("indicative", { small: true }),
        h("span.grow"), h("span.cap", {}, covered > 0 && whole ? t("overlap.covered", { p: percent(Math.min(1, covered / whole)) }) : t(body.geometry.length_m > 0 ? "overlap.crossed" : "overlap.inside", { n: number(count) }))),
      count > rows.length && h("p.cap", {}, t("overlap.largest", { n: number(rows.length), all: number(count) })),
      h("ul.overlap-list", {}, rows.map(overlapRow)));
  }).filter(Boolean);
}

/** What has no shape overlaps nothing: why it has none, and where that is said. */
function placeless(p) {
  const note = words({ location_note_zh: p.location_note, location_note_en: p.location_note_en }, "location_note");
  const more = h("button.btn.secondary.small", { type: "button", onclick: () => state.set({ tab: "sources" }) }, t("overlap.sources"));
  return empty(t("overlap.unlocated"), { iconName: "pin", note: note && spoken(note), action: more });
}

export function overlapsTab(feature, layer) {
  const box = h("div", { "aria-busy": "true" }, h("p.sr", {}, t("overlap.loading")), skeleton(6));
  const load = () => overlapsOf(feature, layer).then((body) => {
    const groups = overlapGroups(body);
    box.replaceChildren(...(groups.length ? groups : [h("p.soft.pad", {}, t("overlap.none"))]));
    box.removeAttribute("aria-busy");
  }).catch((error) => box.replaceChildren(failure(errorText(error), load, t("action.retry"))));
  if (!feature.geometry) return placeless(feature.properties);
  load();
  return box;
}
