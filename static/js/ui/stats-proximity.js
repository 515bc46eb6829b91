/** How much of each feature lies within a walk of the metro. */
import { isTiled } from "../catalogue.js";
import { button, fill, h, keepFocus } from "../dom.js";
import { knownFeature } from "../features.js";
import { name, t } from "../i18n.js";
import { apartOf, BAND_ENDS, bandKey, inBand, STATIONS } from "../lib/chosen.js";
import { number, percent } from "../lib/format.js";
import { areaText } from "../quantities.js";
import { state } from "../state.js";
import { otherShownAs, shownAs } from "../versions.js";
import { barChart } from "./chart.js";
import { empty, segmented } from "./controls.js";
import { dataTable, figure, num } from "./data-table.js";
import { ask, markChosen, provenance } from "./stats-frame.js";
import { scopeParams } from "./stats-scope.js";

const SHOWN = 500; // rows
const MOST = 100_000; // in a file

const USUAL = ["500", "800", "1000"]; // metres

export function proximityView(body, layer) {
  const distance = state.get("statsDistance");
  const offered = [...new Set([...USUAL, distance])].sort((a, b) => a - b);
  const result = h("div.stats-result");
  fill(body, h("div.stats-controls", {}, segmented({
    label: t("stats.distance"), value: distance, options: offered.map((d) => [d, `${d} ${t("unit.m")}`]), change: (d) => { state.set({ statsDistance: d }); keepFocus(body, () => proximityView(body, layer)); },
  })), result);
  const apart = apartOf(state.get("highlight"), layer.id);
  const query = {
    layer: layer.id, to: STATIONS, distance, bands: BAND_ENDS, basis: state.get("basis"), ...(isTiled(layer.id) ? { apart, limit: SHOWN } : {}), // of a large layer not all are listed
    ...scopeParams("proximity", layer), ...shownAs(layer.id), ...otherShownAs("to", STATIONS),
  };
  ask(result, "statistics/proximity", query, {
    show: (answer) => show(result, layer, answer), again: () => proximityView(body, layer),
    files: { apart, bands: null, limit: isTiled(layer.id) ? MOST : null },
  });
}

const stationName = (id) => name({ ...(knownFeature("metro-stations", id)?.properties ?? {}), id });

function row(layer, f) {
  const bar = h("span.share-bar", { "aria-hidden": "true" });
  bar.style.setProperty("--part", `${(f.share ?? 0) * 100}%`);
  return h("tr", {}, h("th", { scope: "row" }, h("button.link.ink", { type: "button", onclick: () => state.set({ selection: { layer: layer.id, id: f.id }, hits: null }) }, name({ ...f, ...knownFeature(layer.id, f.id)?.properties, id: f.id }))),
    h("td.bar-cell", {}, bar), figure(percent(f.share)), figure(areaText(f.area_m2)),
    h("td", {}, f.nearest ? stationName(f.nearest.id) : "—"), h("td.num", {}, f.nearest ? `${number(f.nearest.distance_m)} ${t("unit.m")}` : "—"));
}

/** How many lie how far from the metro; a bar picks them on the map and in the table. */
function bandChart(layer, bands) {
  const label = ({ from_m: a, to_m: b }) => t(b === null ? "band.beyond" : "band.within", { a, b });
  const rows = bands.map((band) => ({ key: bandKey(band), amount: band.count, label: label(band) }));
  const chosen = state.get("highlight");
  const own = chosen?.layer === layer.id && rows.find((r) => r.key === chosen.band);
  const choose = (r) => state.set({ highlight: own?.key === r.key ? null : { layer: layer.id, band: r.key, label: r.label } });
  return h("div.stats-chart", {}, h("p.cap", {}, t("band.title")), barChart(rows, { unit: t("stats.count"), decimals: 0, layer: layer.id, choose }));
}

/** A page of ten thousand rows answers to nothing: the rest is in the table. */
function rest(layer, listed, all) {
  if (listed >= all) return null;
  const open = button("quiet small", t("highlight.rows"), { "data-act": "all-rows", onclick: () => state.set({ drawer: "table", statsLayer: layer.id }) });
  return h("div.row.wrap", {}, h("span.cap", {}, t("stats.listed", { n: number(listed), all: number(all) })), open);
}

function show(result, layer, answer) {
  const held = (answer.features ?? []).filter((f) => inBand(state.get("highlight"), layer.id, f.nearest?.distance_m));
  if (!answer.bands.some(({ count }) => count)) {
    fill(result, empty(t("stats.none"), { iconName: "train" }));
    return;
  }
  const shown = held.sort((a, b) => (b.share ?? 0) - (a.share ?? 0)).slice(0, SHOWN);
  const all = isTiled(layer.id) ? answer.total.features : held.length;
  const columns = [t("table.name"), { text: t("stats.coveredBy", { d: state.get("statsDistance") }), span: 2 }, num(t("area.title")), t("stats.nearest"), num(t("stats.distance"))];
  const table = dataTable(t("stats.proximity"), columns, h("tbody", {}, shown.map((f) => row(layer, f))));
  fill(result, bandChart(layer, answer.bands),
    h("div.stats-table.scroll", { tabindex: "0" }, table, rest(layer, shown.length, all), h("div.stats-note", {}, provenance(answer))));
  markChosen();
}
