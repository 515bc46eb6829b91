/** The changes of a changeset: counts, area per class, the list, before and after. */
import { collection, fieldOf } from "../catalogue.js";
import { fill, h } from "../dom.js";
import { prepare } from "../features.js";
import { codeLabel, lang, name, t, title } from "../i18n.js";
import { area, inUnit, number, signed } from "../lib/format.js";
import { state } from "../state.js";
import { layerClasses, swatch } from "./legend.js";
import { changeTable } from "./history-tab.js";

const SIGNS = { add: "+", remove: "−", change_geometry: "↗", change_attributes: "=" };
const LISTED = 300;
const DECIMALS = { mu: 2, ha: 4, m2: 0 };

const sign = (change) => h(`span.sign.${change}`, { "aria-hidden": "true" }, SIGNS[change] ?? "=");

function counts({ summary: s }) {
  const geometry = s.changes_geometry ?? 0;
  const values = { add: s.adds ?? 0, remove: s.removes ?? 0, change_geometry: geometry, change_attributes: s.changes_attributes ?? Math.max(0, (s.changes ?? 0) - geometry) };
  return h("div.counts.four", {}, Object.entries(values).map(([key, n]) => h("div", {}, h("strong", {}, sign(key), number(n)), h("span.cap", {}, t(`review.${key}`)))));
}

function byClass(diff) {
  const rows = (diff.area_by_class ?? []).filter((r) => Math.abs(r.delta_m2) > 0.5).slice(0, 12);
  if (!rows.length) return null;
  const unit = state.get("unit");
  const classes = layerClasses(diff.layer);
  const top = Math.max(...rows.map((r) => Math.abs(r.delta_m2)));
  const step = 10 ** DECIMALS[unit];
  const sum = (diff.area_by_class ?? []).reduce((a, r) => a + Math.round(inUnit(r.delta_m2, unit) * step), 0) / step;
  const label = (r) => classes?.byValue.get(String(r.class))?.[lang()] ?? codeLabel(fieldOf(diff.layer, classes?.field), r.class);
  return h("section.block", {}, h("div.block-head", {}, h("h3", {}, t("review.byclass")), h("span.cap", {}, `${t(`unit.${unit}`)} · ${t("stats.basis.ellipsoidal")} · ${t("review.side", { d: signed(sum, DECIMALS[unit]) })}`)),
    h("ul", {}, rows.map((r) => {
      const bar = h("span.delta-bar", { class: r.delta_m2 < 0 ? "is-loss" : "" });
      bar.style.setProperty("--part", `${(Math.abs(r.delta_m2) / top) * 50}%`);
      return h("li.delta-row", {}, classes?.byValue.has(String(r.class)) ? swatch(classes.byValue.get(String(r.class))) : h("span"), h("span.clip", {}, label(r)), h("span.delta-track", { "aria-hidden": "true" }, bar), h("span.num.strong", {}, signed(inUnit(r.delta_m2, unit), DECIMALS[unit])));
    })));
}

function described(f, layer) {
  const p = f.properties;
  if (p.change === "add" || p.change === "remove") return t(`review.${p.change}`);
  return (p.changed_fields ?? []).map((key) => title(fieldOf(layer, key) ?? { id: key })).join("、") || t(`review.${p.change}`);
}

function detail(f, layer) {
  const { before, after } = f.properties;
  if (!before && !after) return null;
  const keys = f.properties.changed_fields?.length ? f.properties.changed_fields : Object.keys(after ?? before).filter((k) => (after ?? before)[k] !== null);
  return h("div.change-detail", {}, h("div.change-cols.cap", {}, h("span"), h("span", {}, t("review.before")), h("span", {}, t("review.after"))),
    changeTable(layer, keys.slice(0, 14).map((key) => ({ key, before: before?.[key], after: after?.[key] }))));
}

export function changePanel(c, diff, choose) {
  const { features } = diff.features;
  features.forEach(prepare);
  const seen = new Set();
  const progress = h("span.cap", {}, "");
  const rows = features.slice(0, LISTED).map((f) => changeRow(f, c.layer, (row) => pick(f, row)));
  function pick(f, row) {
    seen.add(f.id);
    rows.forEach((r) => { r.classList.toggle("is-open", r === row); r.querySelector(".change-detail")?.remove(); });
    row.classList.add("is-seen");
    const more = detail(f, c.layer);
    if (more) row.append(more);
    fill(progress, t("review.seen", { n: seen.size, all: features.length }));
    choose(f);
  }
  const next = () => rows.find((r) => !r.classList.contains("is-seen"))?.firstChild.click();
  fill(progress, t("review.seen", { n: 0, all: features.length }));
  return h("div.panel-body.scroll", {},
    h("section.block", {}, h("div.block-head", {}, h("h2", {}, t("review.changes", { n: number(diff.features.numberMatched ?? features.length) })), progress), counts(c)),
    byClass(diff),
    h("section.changes", {}, h("div.block-head.pad-x", {}, h("h3", {}, t("review.list")), h("button.link", { type: "button", onclick: next }, t("review.next"))),
      h("ul", {}, rows), (diff.features.numberMatched ?? 0) > rows.length && h("p.cap.pad", {}, t("review.more", { n: number(diff.features.numberMatched - rows.length) }))));
}

function changeRow(f, layer, pick) {
  const p = f.properties;
  const label = name({ name_zh: p.name_zh ?? p.after?.name_zh, name_en: p.after?.name_en, id: p.after?.parcel_code ?? f.id });
  const size = p.after?.area_m2 ?? p.before?.area_m2;
  const row = h("li.change", {}, h("button.change-row", { type: "button", onclick: () => pick(row) }, sign(p.change), h("strong.clip", {}, label), h("span.soft.clip.grow", {}, described(f, layer)),
    size ? h("span.num.cap", {}, `${area(size, state.get("unit"))} ${t(`unit.${state.get("unit")}`)}`) : null));
  return row;
}

export const layerOf = (c) => collection(c.layer);
