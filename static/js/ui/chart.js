/** Bars in SVG: each a button, its figures beside it; the table is its twin. */
import { h } from "../dom.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { roving } from "./roving.js";
import { pick } from "./stats-frame.js";

const TICKS = 4;

function niceMax(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 2.5, 5, 10].map((k) => k * power).find((n) => n >= value) ?? value;
}

export function barChart(rows, { unit, decimals, field, layer, choose = (row) => pick(layer, field, row), chosen: given }) {
  const top = niceMax(Math.max(...rows.map((r) => Math.max(r.amount, r.was ?? 0)), 0));
  const now = state.get("highlight");
  const chosen = given === undefined ? now?.layer === layer && String(now.band ?? now.value) : given;
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => (top / TICKS) * i);
  return h("figure.chart", {},
    h("div.chart-axis", { "aria-hidden": "true" }, ticks.map((v, i) => h("span", { style: { "--at": `${(i / TICKS) * 100}%` } }, number(v, v && top < 8 ? 1 : 0)))),
    h("div.chart-plot", {}, h("div.chart-grid", { "aria-hidden": "true" }, ticks.map(() => h("i"))),
      roving(h("ul.chart-rows", {}, rows.map((row) => bar(row, { top, decimals, unit, choose, on: chosen === String(row.key) }))), ".chart-row")),
    h("figcaption.cap", {}, unit));
}

function markOf(kind, amount, top, cls) {
  const mark = h(kind);
  mark.style.setProperty("--part", `${top && amount ? Math.max(0.4, (amount / top) * 100) : 0}%`);
  if (cls) {
    mark.style.setProperty("--fill", cls.fill ?? "var(--surface)");
    mark.style.setProperty("--edge", cls.edge ?? "var(--control)");
  }
  return mark;
}

/** `row.was`: what it was, drawn hollow above what it is. */
function bar(row, { top, decimals, unit, choose, on }) {
  const marks = [row.was !== undefined && markOf("span.chart-bar.was", row.was, top, row.cls), markOf("span.chart-bar", row.amount, top, row.cls)];
  const said = row.said ?? `${number(row.amount, decimals)} ${unit}`;
  return h("li", {}, h("button.chart-row", {
    type: "button", "data-key": String(row.key ?? ""), class: on ? "is-on" : "", title: row.label, "aria-pressed": String(on), "aria-label": `${row.label} ${said}`, onclick: () => choose(row),
  }, h("span.chart-label.clip", {}, row.label), h("span.chart-track", {}, marks)));
}
