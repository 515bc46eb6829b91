/** Overlap of two layers: a bar per feature of the first, its parts below. */
import * as api from "../api.js";
import { collection } from "../catalogue.js";
import { fill, h } from "../dom.js";
import { knownFeature } from "../features.js";
import { errorText, name, t, title } from "../i18n.js";
import { area, length, percent } from "../lib/format.js";
import { state } from "../state.js";
import { otherShownAs, shownAs } from "../versions.js";
import { empty, failure, select, skeleton } from "./controls.js";
import { setExports } from "./drawer.js";
import { provenance } from "./stats-area.js";

let partner = null;

const usable = (layer) => [...state.get("catalogue").collections.values()].filter((c) => c.id !== layer.id && c.feature_count);

export function overlapView(body, layer) {
  const others = usable(layer);
  const other = others.find((c) => c.id === partner) ?? others.find((c) => c.id === "functional-groups") ?? others[0];
  const result = h("div.stats-result.single.scroll", {}, skeleton(6));
  fill(body, h("div.stats-controls", {}, select({
    label: t("stats.with"), value: other?.id, options: others.map((c) => [c.id, title(c)]), change: (id) => { partner = id; overlapView(body, layer); },
  })), result);
  if (!other) return;
  const query = { layer: layer.id, with: other.id, basis: state.get("basis"), ...shownAs(layer.id), ...otherShownAs("with", other.id) };
  setExports([["XLSX", api.url("statistics/overlap", { ...query, f: "xlsx" })], ["CSV", api.url("statistics/overlap", { ...query, f: "csv" })]]);
  api.get("statistics/overlap", query, { name: "stats" })
    .then((answer) => show(result, layer, other, answer))
    .catch((error) => error.name !== "AbortError" && fill(result, failure(`${t("stats.failed")} ${errorText(error)}`, () => overlapView(body, layer), t("action.retry"))));
}

const nameOf = (layer, id) => name({ ...(knownFeature(layer, id)?.properties ?? {}), id });
const linkTo = (layer, id) => h("button.link.ink", { type: "button", onclick: () => state.set({ selection: { layer, id }, hits: null }) }, nameOf(layer, id));

function amount(row) {
  const unit = state.get("unit");
  if (row.area_m2 > 0) return `${area(row.area_m2, unit)} ${t(`unit.${unit}`)}`;
  if (row.length_m > 0) {
    const { value, unit: u } = length(row.length_m);
    return `${value} ${t(`unit.${u}`)}`;
  }
  return t("metro.inside");
}

function show(result, layer, other, answer) {
  if (!answer.pairs.length) {
    fill(result, empty(t("stats.none"), { iconName: "chart" }));
    return;
  }
  const pairs = [...answer.pairs].filter((p) => !(p.area_m2 !== undefined && p.share_of_a < 1e-7 && !p.length_m && p.area_m2 > 0));
  const bodyRows = pairs.map((p) => h("tr", {}, h("th", { scope: "row" }, linkTo(layer.id, p.a)), h("td", {}, linkTo(other.id, p.b)),
    h("td.num", {}, amount(p)), h("td.num", {}, percent(p.share_of_a)), h("td.num", {}, percent(p.share_of_b))));
  const left = (answer.uncovered ?? []).filter((u) => u.share_of_a > 1e-6).map((u) => h("tr.is-uncovered", {}, h("th", { scope: "row" }, linkTo(layer.id, u.a)),
    h("td", {}, t("stats.uncovered")), h("td.num", {}, amount(u)), h("td.num", {}, percent(u.share_of_a)), h("td.num", {}, "—")));
  fill(result, h("table.data", {}, h("caption.sr", {}, t("stats.overlap")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, title(layer)), h("th", { scope: "col" }, title(collection(other.id))), h("th.num", { scope: "col" }, t("overlap.title")),
      h("th.num", { scope: "col" }, t("stats.ofA")), h("th.num", { scope: "col" }, t("stats.ofB")))),
    h("tbody", {}, bodyRows, left)), h("div.stats-note", {}, provenance(answer)));
}
