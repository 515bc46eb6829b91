/** Two balance tables side by side: what each class had, has, and by how much that differs; by sign, and by which side of a line. */
import { collection } from "../catalogue.js";
import { fill, h } from "../dom.js";
import { t, title } from "../i18n.js";
import { inUnit, number, roundTogether, signed } from "../lib/format.js";
import { state } from "../state.js";
import { barChart } from "./chart.js";
import { dataTable, figure, num } from "./data-table.js";
import { swatch } from "./legend.js";
import { picker, provenance } from "./stats-frame.js";

const DECIMALS = { mu: 2, ha: 4, m2: 0 };

/** The difference of what is printed, never of what is hidden behind it. */
function difference(now, was, decimals) {
  const value = Math.round((now - was) * 10 ** decimals) / 10 ** decimals;
  return { value, kind: value > 0 ? "more" : value < 0 ? "less" : "same" };
}

/** `most`: the longest bar of its column; none where the column has no bars. */
function changeCell({ value, kind }, decimals, most = 0) {
  const bar = most > 0 && h("span.delta-bar", { class: kind === "less" ? "is-loss" : "" });
  if (bar) bar.style.setProperty("--part", `${(Math.abs(value) / most) * 50}%`);
  return h(`td.num.change.${kind}`, {}, bar && h("span.delta-track", { "aria-hidden": "true" }, bar), signed(value, decimals));
}

const sum = (values) => values.reduce((a, b) => a + b, 0);

/** Both columns as printed: areas in the unit, shares in percent. */
function printed(rows) {
  const unit = state.get("unit");
  const areas = (key) => roundTogether(rows.map((r) => inUnit(r[key] ?? 0, unit)), DECIMALS[unit]);
  const shares = (key) => roundTogether(rows.map((r) => (r[key] ?? 0) * 100), 1);
  return { now: areas("area_m2"), was: areas("before_m2"), share: shares("share"), wasShare: shares("before_share") };
}

const called = (id, version) => `${title(collection(id))} ${t("version.n", { n: version })}`;

function chartOf(rows, p, { layer, names, unit, decimals }) {
  const bars = rows.map((r, i) => ({
    ...r, amount: p.now[i], was: p.was[i],
    said: t("balance.said", { was: number(p.was[i], decimals), now: number(p.now[i], decimals), d: signed(difference(p.now[i], p.was[i], decimals).value, decimals), unit }),
  }));
  return h("div.stats-chart", {},
    h("p.cap.chart-key", {}, h("span.chart-bar.was", { "aria-hidden": "true" }), names.was, h("span.chart-bar", { "aria-hidden": "true" }), names.now),
    barChart(bars, { unit, decimals, field: "landuse_code", layer: layer.id }));
}

/** A class by its code and its name. */
export const classCells = (layer, row) => [
  h("td", {}, h("span.row", {}, swatch(row.cls), row.code)),
  h("th", { scope: "row" }, picker(layer, "landuse_code", row)),
];

function row(r, i, p, { layer, decimals, most }) {
  return h("tr", { "data-key": String(r.key) }, classCells(layer, r),
    figure(number(p.was[i], decimals)), figure(number(p.now[i], decimals)), changeCell(difference(p.now[i], p.was[i], decimals), decimals, most),
    figure(number(p.wasShare[i], 1)), figure(number(p.share[i], 1)), changeCell(difference(p.share[i], p.wasShare[i], 1), 1));
}

export function changeTable(result, layer, answer, rows) {
  const unit = t(`unit.${state.get("unit")}`);
  const decimals = DECIMALS[state.get("unit")];
  const p = printed(rows);
  const short = (id, version) => (answer.compared_layer === layer.id ? t("version.n", { n: version }) : called(id, version));
  const names = { was: short(answer.compared_layer, answer.compared_with), now: short(layer.id, answer.versions[layer.id]) };
  const heads = (what, d) => [`${names.was} ${what}`, `${names.now} ${what}`, `${t("balance.change")} ${d}`].map(num);
  const total = [sum(p.was), sum(p.now)];
  const most = Math.max(...rows.map((_, i) => Math.abs(p.now[i] - p.was[i])));
  fill(result, chartOf(rows, p, { layer, names, unit, decimals }),
    h("div.stats-table.scroll", { tabindex: "0", role: "region", "aria-label": t("stats.balance") },
      dataTable(t("balance.caption", names), [t("stats.code"), t("stats.class"), ...heads(unit, unit), ...heads("%", t("balance.points"))],
        h("tbody", {}, rows.map((r, i) => row(r, i, p, { layer, decimals, most }))),
        h("tfoot", {}, h("tr", {}, h("th", { colSpan: 2, scope: "row" }, t("stats.total")),
          figure(number(total[0], decimals)), figure(number(total[1], decimals)), changeCell(difference(total[1], total[0], decimals), decimals),
          figure(number(sum(p.wasShare), 1)), figure(number(sum(p.share), 1)), h("td")))),
      h("div.stats-note", {}, provenance({ ...answer, notes: answer.notes?.filter(({ code }) => code !== "compared") }), h("p.cap", {}, t("balance.against", { a: called(answer.compared_layer, answer.compared_with) })))));
}
