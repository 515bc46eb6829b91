/** The layer as a table, linked both ways to the map: its text twin. Rows beyond the view are not built. */
import * as api from "../api.js";
import { ask } from "../commands.js";
import { button, fill, h } from "../dom.js";
import { isTiled, versionOf, setFilter } from "../catalogue.js";
import { loadFeatures, passes, prepare } from "../features.js";
import { codeLabel, day, errorText, name, t, title } from "../i18n.js";
import { chosenParams, isChosen } from "../lib/chosen.js";
import { area, number } from "../lib/format.js";
import { PAGE } from "../paging.js";
import { state } from "../state.js";
import { shownAs } from "../versions.js";
import { empty, failure, skeleton, toggle } from "./controls.js";
import { setExports } from "./drawer.js";
import { badge } from "./evidence.js";

const ROW = 32;
const SPARE = 10;
const TILED_LIMIT = 5000; // rows of a large layer fetched at a time
const HIDDEN = /^(name_en|name_zh|facts|verbs|conflict|construction|location_note|source_|evidence|accuracy|color|aliases|parent|scope)/;
const FORMATS = [["XLSX", "xlsx"], ["CSV", "csv"], ["GPKG", "gpkg"], ["SHP", "shp"], ["DXF", "dxf"], ["GeoJSON", "json"]];
const view = { sort: null, down: false, inView: false, query: "" };

/** {features, matched}: of a large layer the service filters, and the first rows come. */
async function featuresFor(layer, offset = 0) {
  if (!isTiled(layer.id)) {
    const features = await loadFeatures(layer.id);
    return { features, matched: features.length };
  }
  const { "as-of": _, ...params } = asked(layer);
  const body = await api.get(`collections/${layer.id}/items`, { ...params, limit: TILED_LIMIT, offset: offset || null, version: versionOf(layer.id) }, { name: "table" });
  return { features: body.features.map(prepare), matched: body.numberMatched ?? body.features.length };
}

/** What the filter, the chosen class and the view ask of the service. */
function asked(layer) {
  const filter = state.get("filters")[layer.id];
  const picked = chosenParams(state.get("highlight"), layer.id);
  const bbox = view.inView ? state.get("view").bbox.map((n) => n.toFixed(6)).join(",") : null;
  return { bbox, ...shownAs(layer.id, [bbox && "geometry IS NOT NULL", picked.filter].filter(Boolean).join(" AND ") || null), ...picked.params, ...(filter ? { [filter.field]: filter.value } : {}) };
}

function exportLinks(layer) {
  if (layer.may_download === false) return [];
  const cut = (f) => f === "json" && layer.feature_count > PAGE;
  return FORMATS.map(([label, f]) => [cut(f) ? t("rest.export", { label, n: number(PAGE) }) : label, api.url(`collections/${layer.id}/items`, { f, limit: f === "json" ? PAGE : null, ...asked(layer) }), { json: "geojson", shp: "zip" }[f] ?? f]);
}

const stated = (features, field) => features.some((f) => ![null, undefined, ""].includes(f.properties[field.name]));

function columnsOf(layer, features) {
  const own = (layer.fields ?? []).filter((f) => !HIDDEN.test(f.name) && stated(features, f)).slice(0, 6);
  const unit = state.get("unit");
  const measure = { polygon: [["area_m2", t("area.ellipsoidal"), (v) => area(v, unit)], ["area_plane_m2", t("area.plane"), (v) => area(v, unit)]], line: [["length_m", t("length.title"), (v) => number(v, 0)]] }[layer.geometry_type] ?? [];
  return [
    { key: "name", label: t("table.name"), of: (f) => name({ ...f.properties, id: f.id }), wide: true },
    ...own.map((field) => ({ key: field.name, label: title(field), of: (f) => f.properties[field.name], show: (v) => (field.type === "date" ? day(v) : typeof v === "number" ? number(v, 2) : codeLabel(field, v)) })),
    ...measure.map(([key, label, show]) => ({ key, label: `${label} ${key.startsWith("area") ? t(`unit.${unit}`) : t("unit.m")}`, of: (f) => f.properties[key], show, num: true })),
  ];
}

const inBox = (f, b) => f.box && f.box[0] <= b[2] && f.box[2] >= b[0] && f.box[1] <= b[3] && f.box[3] >= b[1];

function chosen(features, layer, columns) {
  const q = view.query.toLowerCase();
  const box = state.get("view").bbox;
  const rows = features.filter((f) => passes(layer.id, f.properties) && isChosen(state.get("highlight"), layer.id, f) && (!view.inView || inBox(f, box))
    && (!q || JSON.stringify(f.properties).toLowerCase().includes(q) || f.id.toLowerCase().includes(q)));
  const column = columns.find((c) => c.key === view.sort);
  if (!column) return rows;
  const order = (a, b) => (typeof a === "number" || typeof b === "number" ? (a ?? -Infinity) - (b ?? -Infinity) : String(a ?? "").localeCompare(String(b ?? ""), "zh"));
  return [...rows].sort((a, b) => order(column.of(a), column.of(b)) * (view.down ? -1 : 1));
}

export function tableView(body, layer) {
  setExports(exportLinks(layer));
  const box = h("div.stats-result.single", {}, skeleton(6));
  const count = h("span.cap");
  const find = h("input.input.small", { type: "search", placeholder: t("table.search"), "aria-label": t("table.search"), value: view.query });
  const rest = h("span.table-rest", { hidden: true, "data-rest": "table", role: "status" });
  let draw = () => {};
  find.addEventListener("input", () => { view.query = find.value.trim(); draw(); });
  fill(body, h("div.stats-controls", {}, find, toggle({ label: t("table.view"), checked: view.inView, change: (on) => { view.inView = on; setExports(exportLinks(layer)); if (isTiled(layer.id)) load(); else draw(); } }), count, rest, layer.may_download === false && h("span.soft", {}, t("table.viewOnly"))), box);
  const show = ({ features, matched }) => {
    const more = async () => {
      const next = await featuresFor(layer, features.length);
      show({ features: [...features, ...next.features], matched });
    };
    showRest(rest, features.length, matched, () => more().catch(failed));
    draw = () => drawTable(box, layer, features, count);
    draw();
  };
  const failed = (error) => error.name !== "AbortError" && fill(box, failure(errorText(error), () => tableView(body, layer), t("action.retry")));
  const load = () => featuresFor(layer).then(show).catch(failed);
  load();
}

/** That the table holds the first rows only, and the way to the others. */
function showRest(rest, here, all, more) {
  rest.hidden = here >= all;
  if (rest.hidden) return;
  const act = (event) => { event.currentTarget.disabled = true; more(); };
  fill(rest, h("span.cap", {}, t("rest.table", { n: number(here), all: number(all) })),
    button("secondary small", t("rest.more", { n: number(Math.min(TILED_LIMIT, all - here)) }), { onclick: act }));
}

function drawTable(box, layer, features, count) {
  const columns = columnsOf(layer, features);
  const rows = chosen(features, layer, columns);
  count.textContent = t("table.rows", { n: number(rows.length) });
  if (!rows.length) {
    const narrowed = state.get("filters")[layer.id] || view.query || state.get("highlight")?.layer === layer.id;
    const widen = () => {
      view.query = "";
      setFilter(layer.id, null);
      state.set({ highlight: null });
      state.announce("filters");
    };
    fill(box, empty(t("table.empty"), { iconName: "table", action: narrowed && button("secondary", t("table.widen"), { "data-act": "widen", onclick: widen }) }));
    return;
  }
  const body = h("tbody");
  const wrap = h("div.table-scroll.scroll", { tabindex: "0", role: "region", "aria-label": title(layer) },
    h("table.data.grid", { "aria-rowcount": String(rows.length) }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("layers.evidenceMix")), columns.map((c) => headCell(c, () => drawTable(box, layer, features, count))))), body));
  const paint = () => windowed(body, wrap, rows, (f) => row(f, layer, columns));
  wrap.addEventListener("scroll", paint);
  fill(box, wrap);
  paint();
}

function headCell(column, again) {
  const on = view.sort === column.key;
  const act = () => { Object.assign(view, { sort: column.key, down: on ? !view.down : false }); again(); };
  return h("th", { scope: "col", class: column.num ? "num" : "", "aria-sort": on ? (view.down ? "descending" : "ascending") : "none" },
    h("button.sort", { type: "button", onclick: act }, column.label, h("span.sort-mark", { "aria-hidden": "true" }, on ? (view.down ? "↓" : "↑") : "")));
}

/** Only the rows in sight stand in the page; two spacers stand for the others. */
function windowed(body, wrap, rows, make) {
  const first = Math.max(0, Math.floor(wrap.scrollTop / ROW) - SPARE);
  const last = Math.min(rows.length, first + Math.ceil((wrap.clientHeight || 400) / ROW) + 2 * SPARE);
  if (Number(body.dataset.first) === first && Number(body.dataset.last) === last) return;
  Object.assign(body.dataset, { first, last });
  const spacer = (n) => {
    const tr = h("tr", { "aria-hidden": "true" });
    tr.style.setProperty("height", `${n * ROW}px`);
    return n ? tr : null;
  };
  fill(body, spacer(first), rows.slice(first, last).map(make), spacer(rows.length - last));
}

function row(f, layer, columns) {
  const on = state.get("selection")?.id === f.id;
  const pick = () => state.set({ selection: { layer: layer.id, id: f.id }, hits: null, tool: "select" });
  return h("tr", { "aria-selected": String(on), "data-id": f.id, onclick: pick, onmouseenter: () => state.set({ hover: { layer: layer.id, id: f.id } }), onmouseleave: () => state.set({ hover: null }), ondblclick: () => f.box && ask("fit", f.box) },
    h("td", {}, badge(f.properties.evidence, { small: true })),
    columns.map((c, i) => {
      const value = c.of(f);
      const text = c.show ? c.show(value) : String(value ?? "—");
      return i ? h("td", { class: c.num ? "num" : "" }, text) : h("th", { scope: "row" }, h("button.link.ink", { type: "button", onclick: pick }, text));
    }));
}
