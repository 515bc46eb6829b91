/** Every version of a feature: who, when, and what changed from the one before. */
import * as api from "../api.js";
import { collection } from "../catalogue.js";
import { h } from "../dom.js";
import { codeLabel, day, errorText, lang, moment, t, title } from "../i18n.js";
import { number } from "../lib/format.js";
import { classOf } from "../lib/styling.js";
import { failure, skeleton } from "./controls.js";
import { layerClasses, swatch } from "./legend.js";
import { noteOf, originLine } from "./origin.js";

const SKIP = new Set(["area_m2", "area_plane_m2", "length_m", "length_plane_m"]);

function changedFields(before, after) {
  if (!before || !after) return [];
  const keys = new Set([...Object.keys(before.properties ?? {}), ...Object.keys(after.properties ?? {})]);
  const out = [...keys].filter((k) => !SKIP.has(k) && JSON.stringify(before.properties?.[k] ?? null) !== JSON.stringify(after.properties?.[k] ?? null))
    .map((key) => ({ key, before: before.properties?.[key], after: after.properties?.[key] }));
  if (JSON.stringify(before.geometry) !== JSON.stringify(after.geometry)) {
    out.push({ key: "area_m2", before: before.properties?.area_m2, after: after.properties?.area_m2 });
  }
  return out;
}

const missing = (value) => value === null || value === undefined || value === "";

function show(field, value, layer) {
  if (missing(value)) return "—";
  if (typeof value === "number") return number(value, Number.isInteger(value) ? 0 : 2);
  const classes = layerClasses(layer);
  const cls = classes?.field === field.name && classOf(classes, value);
  return cls ? [swatch(cls), ` ${value} ${cls[lang()]}`] : codeLabel(field, value);
}

const old = (field, value, layer) => (missing(value) ? h("span.muted", {}, "—") : h("del", {}, show(field, value, layer)));

export function changeTable(layer, changes) {
  const fieldOf = (key) => collection(layer)?.fields?.find((f) => f.name === key) ?? { name: key, title_zh: key === "area_m2" ? "椭球面积 ㎡" : key, title_en: key === "area_m2" ? "Ellipsoidal area ㎡" : key };
  return h("table.change-table", {}, h("tbody", {}, changes.map(({ key, before, after }) => h("tr", {},
    h("th", { scope: "row" }, title(fieldOf(key))), h("td", {}, old(fieldOf(key), before, layer)), h("td.strong", {}, show(fieldOf(key), after, layer))))));
}

function entry(item, older, layer, newest) {
  const changes = changedFields(older?.feature, item.feature);
  const kind = item.change?.startsWith("change") ? "change" : item.change ?? "change";
  return h("li.version", {}, h("span.version-dot", { "aria-hidden": "true" }),
    h("div.grow", {}, h("div.row", {}, h("strong", {}, t("version.n", { n: item.version })), newest && h("span.chip.ok", {}, t("history.now")), h("span.grow"), h("span.cap", {}, day(item.published_at))),
      h("p.soft", {}, t(`history.${kind}`), " · ", item.approver ? t("history.by", { author: item.author, approver: item.approver }) : item.author, h("span.cap", {}, ` · ${moment(item.published_at)}`)),
      originLine(item.origin), noteOf(item) && h("p.soft", {}, t("history.note", { note: noteOf(item) })),
      changes.length ? changeTable(layer, changes) : null));
}

export function historyTab(feature, layer) {
  const box = h("div.pad", {}, skeleton(4));
  const load = () => api.get(`collections/${layer}/items/${encodeURIComponent(feature.id)}/history`).then(({ history }) => {
    const newest = [...history].sort((a, b) => b.version - a.version);
    box.replaceChildren(h("ol.versions", {}, newest.map((item, i) => entry(item, newest[i + 1], layer, i === 0))),
      newest.length < 2 ? h("p.cap", {}, t("history.none")) : "");
  }).catch((error) => box.replaceChildren(failure(errorText(error), load, t("action.retry"))));
  load();
  return box;
}
