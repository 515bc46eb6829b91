/** Bars in SVG: each a button, its figures beside it; the table is its twin. */
import { h } from "../dom.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { pick } from "./stats-area.js";

const TICKS = 4;

function niceMax(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 2.5, 5, 10].map((k) => k * power).find((n) => n >= value) ?? value;
}

export function barChart(rows, { unit, decimals, field, layer, choose = (row) => pick(layer, field, row), chosen: given }) {
  const top = niceMax(Math.max(...rows.map((r) => r.amount), 0));
  const now = state.get("highlight");
  const chosen = given === undefined ? now?.layer === layer && String(now.band ?? now.value) : given;
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => (top / TICKS) * i);
  return h("figure.chart", {},
    h("div.chart-axis", { "aria-hidden": "true" }, ticks.map((v, i) => h("span", { style: { "--at": `${(i / TICKS) * 100}%` } }, number(v, v && top < 8 ? 1 : 0)))),
    h("ul.chart-rows", {}, rows.map((row) => bar(row, { top, decimals, unit, choose, on: chosen === String(row.key) }))),
    h("figcaption.cap", {}, unit));
}

function bar(row, { top, decimals, unit, choose, on }) {
  const mark = h("span.chart-bar");
  mark.style.setProperty("--part", `${top ? Math.max(0.4, (row.amount / top) * 100) : 0}%`);
  if (row.cls) {
    mark.style.setProperty("--fill", row.cls.fill ?? "var(--surface)");
    mark.style.setProperty("--edge", row.cls.edge ?? "var(--control)");
  }
  return h("li", {}, h("button.chart-row", {
    type: "button", "data-key": String(row.key ?? ""), class: on ? "is-on" : "", title: row.label, "aria-pressed": String(on), "aria-label": `${row.label} ${number(row.amount, decimals)} ${unit}`, onclick: () => choose(row),
  }, h("span.chart-label.clip", {}, row.label), h("span.chart-track", {}, mark)));
}
