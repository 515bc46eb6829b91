/** Two features in two columns: evidence first, both areas, then what the plan says; what differs is marked. */
import { collection } from "../catalogue.js";
import { ask } from "../commands.js";
import { fill, h, iconButton } from "../dom.js";
import { fetchFeature } from "../features.js";
import { day, errorText, name, t, title } from "../i18n.js";
import { number, printedDifference, signed } from "../lib/format.js";
import { areaText, lengthText } from "../quantities.js";
import { state } from "../state.js";
import { endCompare } from "./compare.js";
import { failure, skeleton, toggle } from "./controls.js";
import { badge, sentence } from "./evidence.js";
import { attributeRows, nearestStations } from "./overview-tab.js";
import { sheetHandle } from "./sheet.js";

const LETTERS = ["A", "B"];
let onlyDifferent = false;
let fitted = null;

const plain = (value) => (value === null || value === undefined ? "" : JSON.stringify(value));
const dash = (node) => (node === null || node === undefined || node === "" ? h("span.muted", {}, "—") : node);

/** One line: what it is, both values, and whether they differ. */
function row(label, cells, different, note = null) {
  return h("tr", { class: different ? "is-different" : "", hidden: onlyDifferent && !different },
    h("th", { scope: "row" }, label, different && h("span.differs", {}, h("span", { "aria-hidden": "true" }, "≠"), h("span.sr", {}, t("compare.differs"))), note && h("span.cap", {}, note)),
    cells.map((cell) => h("td", {}, dash(cell))));
}

function areaCell(m2) {
  if (!m2) return null;
  const unit = state.get("unit");
  const rest = ["mu", "ha", "m2"].filter((u) => u !== unit).map((u) => areaText(m2, u));
  return [h("strong.num", {}, areaText(m2)), h("span.cap.block-line", {}, rest.join(" · "))];
}

function areaRow(key, label, pair) {
  const [a, b] = pair.map(({ feature }) => feature.properties[key]);
  if (!a && !b) return null;
  const unit = state.get("unit");
  const d = a && b ? printedDifference(a, b, unit) : null;
  const note = d === null ? null : t("compare.by", { d: `${signed(d, { mu: 2, ha: 4, m2: 0 }[unit])} ${t(`unit.${unit}`)}` });
  return row(label, [areaCell(a), areaCell(b)], d !== 0, note);
}

function lengthRow(key, label, pair) {
  const values = pair.map(({ feature }) => feature.properties[key]);
  if (!values.some(Boolean)) return null;
  return row(label, values.map((v) => v && `${number(v, 0)} ${t("unit.m")}`), values[0] !== values[1]);
}

function validity({ valid_from: from, valid_to: to }) {
  return [from && `${t("field.from")} ${day(from)}`, to && `${t("field.to")} ${day(to)}`].filter(Boolean).join(" ");
}

const METRO_FREE = ["metro-stations", "district"];

async function loaded({ layer, id }) {
  const feature = await fetchFeature(layer, id);
  const [near] = METRO_FREE.includes(layer) || !feature.geometry ? [] : await nearestStations(feature).catch(() => []);
  return { layer, feature, near };
}

function metroCell({ near }) {
  if (!near) return null;
  return [name(near.s.properties), h("span.cap.block-line", {}, near.d === 0 ? t("metro.inside") : lengthText(near.d))];
}

const metroRow = (pair) => row(t("compare.metro"), pair.map(metroCell),
  pair[0].near?.s.id !== pair[1].near?.s.id || pair[0].near?.d !== pair[1].near?.d, t("metro.note"));

function fieldRows(pair) {
  const shown = pair.map(({ feature, layer }) => new Map(attributeRows(feature, layer).map(([f, node]) => [f.name, { f, node }])));
  const keys = new Set(shown.flatMap((m) => [...m.keys()]));
  return [...keys].map((key) => {
    const { f } = shown[0].get(key) ?? shown[1].get(key);
    const raw = pair.map(({ feature }) => plain(feature.properties[key]));
    return row(title(f), shown.map((m) => m.get(key)?.node), raw[0] !== raw[1]);
  });
}

function column({ feature, layer }, i) {
  const p = { ...feature.properties, id: feature.id };
  return h("th.compare-head", { scope: "col" }, h("span.compare-letter", { "aria-hidden": "true" }, LETTERS[i]),
    h("button.link.ink", { type: "button", onclick: () => state.set({ selection: { layer, id: feature.id }, hits: null, tab: "overview" }) }, name(p)),
    h("span.cap.block-line", {}, title(collection(layer))));
}

function table(pair) {
  const p = pair.map(({ feature }) => feature.properties);
  const differ = (key) => plain(p[0][key]) !== plain(p[1][key]);
  return h("table.compare-table", {}, h("caption.sr", {}, `${t("compare.title")} · ${t("area.crs")}`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span.sr", {}, t("field.title"))), pair.map(column))),
    h("tbody", {},
      row(t("layers.evidenceMix"), p.map((q) => [badge(q.evidence, { small: true }), h("span.cap.block-line", {}, sentence(q))]), differ("evidence") || differ("accuracy_m")),
      areaRow("area_m2", t("area.ellipsoidal"), pair), areaRow("area_plane_m2", t("area.plane"), pair),
      lengthRow("length_m", t("length.ellipsoidal"), pair), lengthRow("length_plane_m", t("length.plane"), pair),
      metroRow(pair), fieldRows(pair),
      row(t("field.validity"), p.map(validity), differ("valid_from") || differ("valid_to"))));
}

function showBoth(pair, key) {
  if (fitted === key) return;
  fitted = key;
  const boxes = pair.map(({ feature }) => feature.box).filter(Boolean);
  if (!boxes.length) return;
  const [low, high] = [Math.min, Math.max];
  ask("fit", [0, 1, 2, 3].map((i) => (i < 2 ? low : high)(...boxes.map((b) => b[i]))));
}

export async function comparePanel(panel) {
  const refs = state.get("compare");
  const again = () => comparePanel(panel);
  const top = [sheetHandle(), h("div.panel-head", {}, h("h2.grow", { id: "inspect-title" }, t("compare.title")), iconButton("close", t("compare.end"), { onclick: endCompare }))];
  panel.setAttribute("aria-labelledby", "inspect-title");
  if (!panel.querySelector(".compare-table")) fill(panel, top, skeleton(8));
  try {
    const pair = await Promise.all(refs.map(loaded));
    if (state.get("compare") !== refs || state.get("selection")) return;
    const only = toggle({ label: t("compare.only"), checked: onlyDifferent, change: (on) => { onlyDifferent = on; again(); } });
    fill(panel, top, h("div.panel-body.scroll", { tabindex: "0", role: "region", "aria-label": t("compare.title") }, h("div.compare-only", {}, only), table(pair)));
    showBoth(pair, JSON.stringify(refs));
  } catch (error) {
    fill(panel, top, h("div.panel-body.pad", {}, failure(errorText(error), again, t("action.retry"))));
  }
}
