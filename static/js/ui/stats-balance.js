/** 用地平衡表: classes whose rows sum to the whole, with what is unclassified or covered twice; alone, or
 * held against another version or layer (现状 and 规划). */
import { versionOf } from "../catalogue.js";
import { fill, h, keepFocus } from "../dom.js";
import { name, t, title } from "../i18n.js";
import { area, inUnit, number, roundTogether } from "../lib/format.js";
import { state } from "../state.js";
import { shownAs, versionsOf } from "../versions.js";
import { empty, segmented, select, skeleton } from "./controls.js";
import { dataTable, figure, num } from "./data-table.js";
import { ask, markChosen, provenance, setExports, statsLayers } from "./stats-frame.js";
import { icon } from "./icons.js";
import { versionLabel } from "./origin.js";
import { scopeParams } from "./stats-scope.js";
import { classOf } from "../lib/styling.js";
import { layerClasses } from "./legend.js";
import { barChart } from "./chart.js";
import { changeTable, classCells } from "./stats-balance-change.js";

let level = "1";

/** What the table can be held against: other versions of the layer, other layers of land use. */
async function comparisons(target) {
  const versions = target.version > 1 ? await versionsOf(target.id).catch(() => []) : [];
  const others = statsLayers("balance").filter((c) => c.id !== target.id && c.feature_count);
  return [
    ...versions.filter((v) => v.number !== versionOf(target.id)).map((v) => [String(v.number), versionLabel(v)]),
    ...others.map((c) => [c.id, title(c)]),
  ];
}

const withParams = (chosen) => (!chosen ? {} : /^\d+$/.test(chosen) ? { compare: chosen } : { "compare-layer": chosen });

export async function balanceView(body, layer) {
  const result = h("div.stats-result", {}, skeleton(6));
  const against = h("div.stats-against");
  fill(body, h("div.stats-controls", {}, segmented({
    label: t("stats.class"), value: level, options: ["1", "2"].map((n) => [n, t(`stats.level.${n}`)]), change: (v) => { level = v; keepFocus(body, () => balanceView(body, layer)); },
  }), against), result);
  if (!layer.feature_count) {
    fill(result, empty(t("balance.empty", { layer: title(layer) }), { iconName: "chart" }));
    setExports([]);
    return;
  }
  const options = await comparisons(layer);
  if (!result.isConnected) return;
  const chosen = options.some(([key]) => key === state.get("balanceWith")) ? state.get("balanceWith") : null;
  const change = (v) => {
    state.set({ balanceWith: v || null });
    keepFocus(body, () => balanceView(body, layer));
  };
  if (options.length) fill(against, select({ label: t("balance.with"), value: chosen ?? "", options: [["", t("balance.alone")], ...options], name: "balance-with", change }));
  else fill(against, h("span.cap", {}, t("balance.one")));
  const query = { layer: layer.id, level, basis: state.get("basis"), ...scopeParams("balance", layer), ...shownAs(layer.id), ...withParams(chosen) };
  ask(result, "statistics/balance", query, { show: (answer) => show(result, layer, answer), again: () => balanceView(body, layer) });
}

const m2 = (value) => (typeof value === "number" ? value : value?.area_m2 ?? 0);
const zero = (value) => Math.abs(m2(value)) < 0.5;

const total = (values) => values.reduce((a, b) => a + b, 0);

function show(result, layer, answer) {
  const unit = state.get("unit");
  const decimals = { mu: 2, ha: 4, m2: 0 }[unit];
  const classes = layerClasses(layer.id);
  const rows = answer.rows.map((r) => ({ ...r, key: r.code, label: name({ ...r, id: r.code }), cls: classOf(classes, r.code, answer.scheme) }));
  const none = answer.unclassified;
  if (!zero(none) || none?.before_m2 > 0.5) rows.push({ ...none, key: "", code: "—", label: t("stats.unclassified"), count: none?.count ?? 0 });
  if (!rows.length) {
    fill(result, empty(t("stats.none"), { iconName: "chart" }));
    return;
  }
  if (answer.compared_layer) {
    changeTable(result, layer, answer, rows);
    markChosen();
    return;
  }
  const printed = roundTogether(rows.map((r) => inUnit(r.area_m2, unit)), decimals);
  const shares = roundTogether(rows.map((r) => (r.share ?? 0) * 100), 1);
  const exact = zero(answer.overlapping) && zero(answer.uncovered);
  const check = h("span.chip", { class: exact ? "ok" : "ind" }, icon(exact ? "check" : "warning"),
    t("stats.balanced", { o: area(m2(answer.overlapping), unit), u: area(m2(answer.uncovered), unit) }));
  const figures = (count, amount, share) => [number(count), number(amount, decimals), number(share, 1)].map(figure);
  const columns = [t("stats.code"), t("stats.class"), num(t("stats.count")), num(t(`unit.${unit}`)), num("%")];
  const bars = rows.map((r, i) => ({ ...r, amount: printed[i] }));
  fill(result,
    h("div.stats-chart", {}, barChart(bars, { unit: t(`unit.${unit}`), decimals, field: "landuse_code", layer: layer.id })),
    h("div.stats-table.scroll", {},
      dataTable(t("stats.balance"), columns,
        h("tbody", {}, rows.map((r, i) => h("tr", { "data-key": String(r.key) }, classCells(layer, r), figures(r.count, printed[i], shares[i])))),
        h("tfoot", {}, h("tr", {}, h("th", { colSpan: 2, scope: "row" }, t("stats.total"), check), figures(total(rows.map((r) => r.count ?? 0)), total(printed), total(shares))))),
      h("div.stats-note", {}, provenance(answer))));
  markChosen();
}
