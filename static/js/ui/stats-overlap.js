/** Overlap of two layers: a bar per feature of the first, its parts below. */
import { collection } from "../catalogue.js";
import { fill, h, keepFocus } from "../dom.js";
import { knownFeature } from "../features.js";
import { name, t, title } from "../i18n.js";
import { area, inUnit, percent, roundTogether } from "../lib/format.js";
import { areaText, lengthText } from "../quantities.js";
import { state } from "../state.js";
import { otherShownAs, shownAs } from "../versions.js";
import { empty, select } from "./controls.js";
import { barChart } from "./chart.js";
import { dataTable, figure, num } from "./data-table.js";
import { ask, provenance } from "./stats-frame.js";
import { icon } from "./icons.js";
import { scopeParams } from "./stats-scope.js";

let partner = null;

const usable = (layer) => [...state.get("catalogue").collections.values()].filter((c) => c.id !== layer.id && c.feature_count);

export function overlapView(body, layer) {
  const others = usable(layer);
  const other = others.find((c) => c.id === partner) ?? others.find((c) => c.id === "functional-groups") ?? others[0];
  const result = h("div.stats-result");
  fill(body, h("div.stats-controls", {}, select({
    label: t("stats.with"), value: other?.id, options: others.map((c) => [c.id, title(c)]), change: (id) => { partner = id; keepFocus(body, () => overlapView(body, layer)); },
  })), result);
  if (!other) return;
  const query = { layer: layer.id, with: other.id, basis: state.get("basis"), ...scopeParams("overlap", layer), ...shownAs(layer.id), ...otherShownAs("with", other.id) };
  ask(result, "statistics/overlap", query, { show: (answer) => show(result, layer, other, answer), again: () => overlapView(body, layer) });
}

const nameOf = (layer, id) => name({ ...(knownFeature(layer, id)?.properties ?? {}), id });
const linkTo = (layer, id) => h("button.link.ink", { type: "button", onclick: () => state.set({ selection: { layer, id }, hits: null }) }, nameOf(layer, id));

function amount(row) {
  if (row.area_m2 > 0) return areaText(row.area_m2);
  if (row.length_m > 0) return lengthText(row.length_m);
  return t("metro.inside");
}

const DECIMALS = { mu: 2, ha: 4, m2: 0 };

/** What each feature of the second layer takes of the first, largest first: [{key, label, amount}]. */
function parts(other, pairs) {
  const measure = pairs.some((p) => p.area_m2 > 0) ? "area" : pairs.some((p) => p.length_m > 0) ? "length" : "count";
  const of = { area: (p) => inUnit(p.area_m2, state.get("unit")), length: (p) => p.length_m / 1000, count: () => 1 }[measure];
  const sums = new Map();
  for (const p of pairs) sums.set(p.b, (sums.get(p.b) ?? 0) + of(p));
  const rows = [...sums].sort((a, b) => b[1] - a[1]);
  const decimals = { area: DECIMALS[state.get("unit")], length: 3, count: 0 }[measure];
  const printed = roundTogether(rows.map(([, sum]) => sum), decimals);
  const unit = { area: t(`unit.${state.get("unit")}`), length: t("unit.km"), count: t("stats.count") }[measure];
  return { unit, decimals, rows: rows.map(([id], i) => ({ key: id, label: nameOf(other.id, id), amount: printed[i] })) };
}

/** That nothing is lost or counted twice unseen: the pairs and what none covers are the whole. */
function closure({ closure: c }) {
  if (!c?.whole_m2) return null;
  const unit = state.get("unit");
  const exact = Math.abs(c.residual_m2) < 0.5;
  return h("span.chip", { class: exact ? "ok" : "ind" }, icon(exact ? "check" : "warning"),
    t("stats.closed", { w: area(c.whole_m2, unit), u: area(c.uncovered_m2, unit), d: area(c.double_covered_m2, unit) }));
}

function show(result, layer, other, answer, only = null) {
  const pairs = answer.pairs.filter((p) => !(p.area_m2 !== undefined && p.share_of_a < 1e-7 && !p.length_m && p.area_m2 > 0));
  if (!pairs.length) {
    fill(result, empty(t("stats.none"), { iconName: "chart" }));
    return;
  }
  const { rows, unit, decimals } = parts(other, pairs);
  const choose = (row) => show(result, layer, other, answer, only === row.key ? null : row.key);
  const chart = barChart(rows, { unit, decimals, layer: other.id, choose, chosen: only });
  fill(result, h("div.stats-chart", {}, h("p.cap", {}, t("stats.byPart", { layer: title(collection(other.id)) })), chart),
    h("div.stats-table.scroll", { tabindex: "0" }, table(layer, other, answer, pairs.filter((p) => !only || p.b === only), !only)));
}

function table(layer, other, answer, pairs, whole) {
  const bodyRows = pairs.map((p) => h("tr", {}, h("th", { scope: "row" }, linkTo(layer.id, p.a)), h("td", {}, linkTo(other.id, p.b)),
    figure(amount(p)), figure(percent(p.share_of_a)), figure(percent(p.share_of_b))));
  const uncovered = (whole ? answer.uncovered ?? [] : []).filter((u) => u.share_of_a > 1e-6);
  const left = uncovered.map((u) => h("tr.is-uncovered", {}, h("th", { scope: "row" }, linkTo(layer.id, u.a)),
    h("td", {}, t("stats.uncovered")), figure(amount(u)), figure(percent(u.share_of_a)), figure("—")));
  const columns = [title(layer), title(collection(other.id)), num(t("overlap.title")), num(t("stats.ofA")), num(t("stats.ofB"))];
  const sum = () => h("tr", {}, h("th", { scope: "row", colSpan: 2 }, t("stats.total"), closure(answer.total)), figure(amount(answer.total)), h("td"), h("td"));
  return dataTable(t("stats.overlap"), columns, h("tbody", {}, bodyRows, left),
    h("tfoot", {}, whole && answer.total.closure ? sum() : null,
      h("tr.stats-foot", {}, h("td", { colSpan: 5 }, provenance(answer)))));
}
