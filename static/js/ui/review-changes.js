/** The changes of a changeset: counts, area per class, the list, before and after. */
import { fieldOf } from "../catalogue.js";
import { button, fill, h, keepFocus } from "../dom.js";
import { prepare } from "../features.js";
import { codeLabel, errorText, joined, lang, name, t, title } from "../i18n.js";
import { ellipsoidArea } from "../lib/geodesy.js";
import { inUnit, number, signed } from "../lib/format.js";
import { state } from "../state.js";
import { failure } from "./controls.js";
import { PAGE } from "./diff-follow.js";
import { layerClasses, swatch } from "./legend.js";
import { swipeRow } from "./review-swipe.js";
import { changeTable } from "./history-tab.js";
import { originLine, originOf } from "./origin.js";

const SIGNS = { add: "+", remove: "−", change_geometry: "↗", change_attributes: "=" };
const DECIMALS = { mu: 2, ha: 4, m2: 0 };

const sign = (change) => h(`span.sign.${change}`, { "aria-hidden": "true" }, SIGNS[change] ?? "=");

/** How many of each kind; one pressed lists that kind alone. A moved shape counts once, whatever else it changed. */
function counts({ summary: s }, only, pick) {
  const geometry = s.changes_geometry ?? 0;
  const values = { add: s.adds ?? 0, remove: s.removes ?? 0, change_geometry: geometry, change_attributes: Math.max(0, (s.changes ?? 0) - geometry) };
  return h("div.counts.four", {}, Object.entries(values).map(([key, n]) => h("button.count-pick", { type: "button", "data-kind": key, disabled: !n, "aria-pressed": String(only === key), onclick: () => pick(only === key ? null : key) },
    h("strong", {}, sign(key), number(n)), h("span.cap", {}, t(`review.${key}`)))));
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
    h("ul.delta-list", {}, rows.map((r) => {
      const bar = h("span.delta-bar", { class: r.delta_m2 < 0 ? "is-loss" : "" });
      bar.style.setProperty("--part", `${(Math.abs(r.delta_m2) / top) * 50}%`);
      return h("li.delta-row", {}, classes?.byValue.has(String(r.class)) ? swatch(classes.byValue.get(String(r.class))) : h("span"), h("span.clip", {}, label(r)), h("span.delta-track", { "aria-hidden": "true" }, bar), h("span.num.strong", {}, signed(inUnit(r.delta_m2, unit), DECIMALS[unit])));
    })));
}

const FROM = "source_title"; // changes with every file

/** In a line: one field with both its values, several by name; a shape that moved is told first. */
function described(f, layer) {
  const { change, before, after, changed_fields: changed = [] } = f.properties;
  if (change === "add" || change === "remove") return t(`review.${change}`);
  const own = changed.filter((key) => key !== FROM);
  const named = (own.length || change === "change_geometry" ? own : changed).map((key) => title(fieldOf(layer, key) ?? { id: key }));
  if (change === "change_geometry") return joined([t("review.change_geometry"), ...named]);
  if (named.length !== 1 || !after) return joined(named) || t(`review.${change}`);
  const [key] = own.length ? own : changed;
  return `${named[0]} ${called(layer, key, before?.[key])} → ${called(layer, key, after[key])}`;
}

function called(layer, key, value) {
  if ([null, undefined, ""].includes(value)) return "—";
  const classes = layerClasses(layer);
  return (classes?.field === key && classes.byValue.get(String(value))?.[lang()]) || codeLabel(fieldOf(layer, key), value);
}

/** How large it is; of a shape that moved, how much larger or smaller it became. */
function sized({ geometry, properties: { change, before_geometry: was } }) {
  if (!geometry?.type.endsWith("Polygon")) return null;
  const unit = state.get("unit");
  const now = inUnit(ellipsoidArea(geometry), unit);
  const figure = change === "change_geometry" && was?.type.endsWith("Polygon")
    ? signed(rounded(now) - rounded(inUnit(ellipsoidArea(was), unit)), DECIMALS[unit]) : number(now, DECIMALS[unit]);
  return h("span.num.cap", {}, `${figure} ${t(`unit.${unit}`)}`);
}

function rounded(value) {
  const step = 10 ** DECIMALS[state.get("unit")];
  return Math.round(value * step) / step;
}

/** What was added or removed whole; of what was changed, that alone, and how large a moved shape was and is. */
function rowsOf({ geometry, properties: { before, after, change, changed_fields: changed = [], before_geometry: was } }) {
  const keys = before && after ? changed : Object.keys(after ?? before).filter((k) => (after ?? before)[k] !== null);
  const rows = keys.map((key) => ({ key, before: before?.[key], after: after?.[key] }));
  const isArea = change === "change_geometry" && [was, geometry].every((g) => g?.type.endsWith("Polygon"));
  return isArea ? [{ key: "area_m2", before: ellipsoidArea(was), after: ellipsoidArea(geometry) }, ...rows] : rows;
}

function detail(f, layer) {
  const rows = f.properties.before || f.properties.after ? rowsOf(f) : [];
  if (!rows.length) return null;
  return h("div.change-detail", {}, h("div.change-cols.cap", {}, h("span"), h("span", {}, t("review.before")), h("span", {}, t("review.after"))),
    changeTable(layer, rows.slice(0, 14)));
}

/** `more({kind, offset})` brings the next rows; `choose(feature)` shows one on the map, `only(kind)` one kind; `held`: against a version. */
export function changePanel(c, diff, { choose, more, only, held }) {
  diff.features.features.forEach(prepare);
  const view = { only: null, features: diff.features.features.slice(0, PAGE), matched: diff.features.numberMatched };
  const seen = new Set();
  let rows = [];
  const progress = h("span.cap", { role: "status" });
  const list = h("ul");
  const rest = h("div.pad.change-rest");
  const tally = h("div");
  const tell = () => fill(progress, t("review.seen", { n: number(seen.size), all: number(diff.features.numberMatched) }));
  function pick(f, row) {
    seen.add(f.id);
    rows.forEach((r) => { r.classList.toggle("is-open", r === row); r.querySelector(".change-detail")?.remove(); });
    row.classList.add("is-seen");
    const details = detail(f, c.layer);
    if (details) row.append(details);
    row.scrollIntoView({ block: "nearest" });
    tell();
    choose(f);
  }
  const add = (features) => {
    const made = features.map((f) => changeRow(f, c.layer, (row) => pick(f, row), seen.has(f.id)));
    rows.push(...made);
    list.append(...made);
    const here = rows.length;
    fill(rest, here < view.matched && [h("span.cap", {}, t("rest.first", { n: number(here), all: number(view.matched) })),
      button("secondary small", t("rest.more", { n: number(Math.min(PAGE, view.matched - here)) }), { onclick: load })]);
  };
  async function load(event) {
    if (event) event.currentTarget.disabled = true;
    try {
      const page = await more({ kind: view.only, offset: rows.length });
      view.matched = page.numberMatched;
      add(page.features);
    } catch (error) {
      fill(rest, failure(errorText(error), load, t("action.retry")));
    }
  }
  function show(kind) {
    view.only = kind;
    rows = [];
    list.replaceChildren();
    keepFocus(tally, () => fill(tally, counts(diff.summary ? diff : c, kind, (next) => { show(next); only(next); })));
    if (kind) load();
    else {
      view.matched = diff.features.numberMatched;
      add(view.features);
    }
  }
  async function next() {
    const row = rows.find((r) => !r.classList.contains("is-seen"));
    if (row) row.firstChild.click();
    else if (rows.length < view.matched) load().then(() => rows.find((r) => !r.classList.contains("is-seen"))?.firstChild.click());
  }
  show(null);
  tell();
  const body = h("div.panel-body.scroll", {},
    h("section.block", {}, h("div.block-head", {}, h("h2", {}, t("review.changes", { n: number(diff.features.numberMatched) })), progress), originLine(originOf(c)), tally, held && swipeRow(diff)),
    byClass(diff),
    h("section.changes", {}, h("div.block-head.pad-x", {}, h("h3", {}, t("review.list")), h("button.link", { type: "button", "data-act": "next-change", onclick: next }, t("review.next"), " ", h("kbd", {}, "N"))),
      diff.features.numberMatched ? list : h("p.soft.pad", {}, t("review.nothing")), rest));
  const key = (event) => {
    if (!body.isConnected) document.removeEventListener("keydown", key);
    else if (event.key.toLowerCase() === "n" && !event.ctrlKey && !event.metaKey && !event.target.closest?.("input, textarea, select, dialog")) next();
  };
  document.addEventListener("keydown", key);
  return body;
}

function changeRow(f, layer, pick, seen) {
  const p = f.properties;
  const label = name({ name_zh: p.name_zh ?? p.after?.name_zh, name_en: p.after?.name_en, id: p.after?.parcel_code ?? f.id });
  const row = h("li.change", { class: seen ? "is-seen" : "" }, h("button.change-row", { type: "button", onclick: () => pick(row) }, sign(p.change), h("strong.clip", {}, label), h("span.soft.clip.grow", { title: described(f, layer) }, described(f, layer)), sized(f)));
  return row;
}
