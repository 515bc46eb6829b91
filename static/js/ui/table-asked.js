/** What a layer's table asks of the service, for its rows and for its files. */
import * as api from "../api.js";
import { isTiled, versionOf } from "../catalogue.js";
import { prepare } from "../features.js";
import { t } from "../i18n.js";
import { bandParams } from "../bands.js";
import { chosenParams } from "../lib/chosen.js";
import { number } from "../lib/format.js";
import { sayingFilter, sortParam } from "../lib/table-question.js";
import { PAGE } from "../paging.js";
import { askedRows } from "../rows.js";
import { state } from "../state.js";
import { shownAs } from "../versions.js";

const SAMPLE = 200; // rows that tell which fields say something
const VIEW_ONLY = 2500; // features of a layer that may not be taken away
const FORMATS = [["XLSX", "xlsx"], ["CSV", "csv"], ["GPKG", "gpkg"], ["SHP", "shp"], ["DXF", "dxf"], ["GeoJSON", "json"]];
const samples = new Map(); // "layer@version" -> features

/** Some features of a large layer, whatever is asked of it. */
export function sampleOf(layer) {
  const key = `${layer.id}@${versionOf(layer.id)}`;
  if (!samples.has(key)) {
    const asked = api.get(`collections/${layer.id}/items`, { limit: SAMPLE, version: versionOf(layer.id) }).then((body) => body.features);
    asked.catch(() => samples.delete(key));
    samples.set(key, asked);
  }
  return samples.get(key);
}

/** The filter, the chosen class, the view, the text looked for and the order, as parameters. */
export function asked(layer, { searched, find, column, down, inView }) {
  const filter = state.get("filters")[layer.id];
  const picked = chosenParams(state.get("highlight"), layer.id);
  const bbox = inView ? state.get("view").bbox.map((n) => n.toFixed(6)).join(",") : null;
  const conditions = [bbox && "geometry IS NOT NULL", picked.filter, sayingFilter(searched, find)].filter(Boolean);
  const all = conditions.length > 1 ? conditions.map((c) => `(${c})`).join(" AND ") : conditions[0] ?? null;
  return { bbox, ...shownAs(layer.id, all), ...picked.params, ...bandParams(layer.id), ...(filter ? { [filter.field]: filter.value } : {}), sortby: sortParam(column?.keys, down) };
}

/** The rows of a large layer, as they come into sight; the version stays the one that was asked first. */
export function rowsOf(layer, question, told) {
  const { "as-of": _, ...params } = asked(layer, question);
  const version = versionOf(layer.id);
  const ask = async (page, options) => {
    const body = await api.get(`collections/${layer.id}/items`, { ...params, ...page, version }, options);
    return { features: body.features.map(prepare), matched: body.numberMatched ?? null };
  };
  return askedRows(ask, told, layer.may_download === false ? { most: VIEW_ONLY } : {});
}

export function exportLinks(layer, question, total) {
  if (layer.may_download === false) return [];
  const cut = (f) => f === "json" && (total ?? layer.feature_count) > PAGE;
  return FORMATS.map(([label, f]) => [cut(f) ? t("rest.export", { label, n: number(PAGE) }) : label, api.url(`collections/${layer.id}/items`, { f, limit: f === "json" ? PAGE : null, ...asked(layer, question) }), { json: "geojson", shp: "zip" }[f] ?? f]);
}

export const isAsked = (layer) => isTiled(layer.id);
