/** Area by class: chart left, table right, one selection for chart, table and map. */
import { fieldOf } from "../catalogue.js";
import { fill, h, keepFocus } from "../dom.js";
import { featuresOf } from "../features.js";
import { codeLabel, lang, t, title } from "../i18n.js";
import { inUnit, number, roundTogether } from "../lib/format.js";
import { state } from "../state.js";
import { shownAs } from "../versions.js";
import { empty, select } from "./controls.js";
import { barChart } from "./chart.js";
import { dataTable, figure, num } from "./data-table.js";
import { ask, markChosen, picker, provenance } from "./stats-frame.js";
import { icon } from "./icons.js";
import { layerClasses, swatch } from "./legend.js";
import { scopeParams } from "./stats-scope.js";

const DECIMALS = { mu: 2, ha: 4, m2: 0 };

const groupable = (layer) => (layer.fields ?? []).filter((f) => ["string", "integer"].includes(f.type) && !/^(name_|source_|facts|verbs|construction|location_note|conflict_note|aliases)/.test(f.name));

const kinds = (layer, field) => new Set((featuresOf(layer.id) ?? []).map((f) => f.properties[field] ?? "")).size;

/** The field asked for, the layer's class, or the first that tells features apart. */
function chosenField(layer) {
  const names = groupable(layer).map((f) => f.name);
  if (names.includes(state.get("statsBy"))) return state.get("statsBy");
  const usual = layerClasses(layer.id)?.field ?? layer.class_field ?? "status";
  if (names.includes(usual) && (layer.class_field || kinds(layer, usual) !== 1)) return usual;
  return names.find((field) => field !== "evidence" && kinds(layer, field) > 1 && kinds(layer, field) < 13) ?? (names.includes(usual) ? usual : names[0]);
}

function params(layer, field) {
  const filter = state.get("filters")[layer.id];
  return {
    layer: layer.id, by: field, basis: state.get("basis"),
    ...scopeParams("area", layer),
    ...shownAs(layer.id, filter ? `${filter.field} = '${String(filter.value).replaceAll("'", "''")}'` : null),
  };
}

export function areaView(body, layer) {
  const field = chosenField(layer);
  const result = h("div.stats-result");
  const options = [...groupable(layer).map((f) => [f.name, title(f)])];
  fill(body, h("div.stats-controls", {},
    select({ label: t("stats.by"), value: field, options, change: (v) => { state.set({ statsBy: v }); keepFocus(body, () => areaView(body, layer)); } })),
  result);
  const query = params(layer, field);
  ask(result, "statistics/area", query, { show: (answer) => show(result, layer, field, answer), again: () => areaView(body, layer) });
}

function rowsOf(layer, field, groups) {
  const classes = layerClasses(layer.id);
  const meta = fieldOf(layer.id, field);
  return groups.map((g) => {
    const cls = classes?.field === field ? classes.byValue.get(String(g.key)) : null;
    return { ...g, cls, label: cls?.[lang()] ?? codeLabel(meta, g.key) };
  });
}

const measureOf = (total) => (total.area_m2 > 0 ? "area" : total.length_m > 0 ? "length" : "count");

function show(result, layer, field, answer) {
  const rows = rowsOf(layer, field, answer.groups);
  if (!rows.length) {
    fill(result, empty(t("stats.none"), { iconName: "chart" }));
    return;
  }
  const measure = measureOf(answer.total);
  const amounts = rows.map((r) => ({ area: inUnit(r.area_m2, state.get("unit")), length: (r.length_m ?? 0) / 1000, count: r.count }[measure]));
  const decimals = { area: DECIMALS[state.get("unit")], length: 3, count: 0 }[measure];
  const printed = roundTogether(amounts, decimals);
  const unit = { area: t(`unit.${state.get("unit")}`), length: t("unit.km"), count: t("stats.count") }[measure];
  fill(result,
    h("div.stats-chart", {}, barChart(rows.map((r, i) => ({ ...r, amount: printed[i] })), { unit, decimals, field, layer: layer.id })),
    h("div.stats-table.scroll", {}, table(rows, printed, { field, layer, measure, unit, decimals, answer })));
  markChosen();
}

function table(rows, printed, { field, layer, measure, unit, decimals, answer }) {
  const shares = roundTogether(rows.map((r) => (r.share ?? 0) * 100), 1);
  const sum = printed.reduce((a, b) => a + b, 0);
  const counted = measure === "count";
  const measured = counted ? null : num(`${measure === "area" ? t("area.title") : t("stats.length")} ${unit}`);
  const amount = (value) => (counted ? null : figure(number(value, decimals)));
  const head = title(fieldOf(layer.id, field) ?? { id: field });
  return dataTable(t("stats.area"), [head, num(t("stats.count")), measured, num("%")],
    h("tbody", {}, rows.map((r, i) => h("tr", { "data-key": String(r.key ?? "") },
      h("th", { scope: "row" }, picker(layer, field, r, r.cls && swatch(r.cls))), figure(number(r.count)), amount(printed[i]), figure(number(shares[i], 1))))),
    h("tfoot", {},
      h("tr", {}, h("th", { scope: "row" }, t("stats.total"), h("span.chip.ok", {}, icon("check"), t("stats.sums"))),
        figure(number(answer.total.count)), amount(sum), figure(number(shares.reduce((a, b) => a + b, 0), 1))),
      h("tr.stats-foot", {}, h("td", { colSpan: 4 }, provenance(answer)))));
}
