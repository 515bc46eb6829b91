/** What was found, by its kind: a row of the list under the search box. */
import { collection, isOn } from "../catalogue.js";
import { h } from "../dom.js";
import { knownFeature } from "../features.js";
import { name, otherName, t, title, words } from "../i18n.js";
import { area, number } from "../lib/format.js";
import { state } from "../state.js";
import { badge } from "./evidence.js";
import { icon } from "./icons.js";
import { symbol } from "./legend.js";
import { exampleRow } from "./search-hints.js";
import { citation, spoken } from "./spoken.js";

const ROWS = {
  example: exampleRow,
  document: chapterRow,
  position: positionRow,
  statistic: (result, attributes) => h("li.search-row", attributes, icon("chart"), h("span.grow", {}, title(result))),
  code: classRow,
  collection: layerRow,
};

/** Of a kind with a word of its own; all others are features. */
export const kindOf = (result) => result && (Object.keys(ROWS).find((kind) => result[kind]) ?? "feature");

export const searchRow = (result, attributes, query) => (ROWS[kindOf(result)] ?? featureRow)(result, attributes, query);

function highlight(text, query) {
  const at = query ? text.toLowerCase().indexOf(query.toLowerCase()) : -1;
  if (at < 0) return text;
  return [text.slice(0, at), h("mark", {}, text.slice(at, at + query.length)), text.slice(at + query.length)];
}

const twoLines = (first, second) => h("span.grow.search-names", {}, h("span.clip", {}, first), h("span.cap.clip", {}, second));

const signOf = (c, otherwise) => (c ? symbol(c) : icon(otherwise));

function positionRow({ position: { crs, lng, lat } }, attributes) {
  return h("li.search-row", attributes, icon("pin"), h("span.grow", {}, t("search.go")), h("span.cap", {}, `${crs} · ${lng.toFixed(5)}, ${lat.toFixed(5)}`));
}

function featureRow(result, attributes, query) {
  const c = collection(result.layer);
  const p = knownFeature(result.layer, result.id)?.properties;
  const about = [title(c ?? result), c && !isOn(c.id) && t("search.off"), why(result, query)].filter(Boolean).join(" · ");
  return h("li.search-row", { ...attributes, onmouseenter: () => state.set({ hover: { layer: result.layer, id: result.id } }) },
    signOf(c, "document"), twoLines(highlight(name(result), query), spoken(about)),
    p?.area_m2 ? h("span.num.cap", {}, `${area(p.area_m2, "mu", 0)} ${t("unit.mu")}`) : null,
    result.evidence && badge(result.evidence, { small: true }));
}

function layerRow(result, attributes, query) {
  const c = collection(result.collection);
  return h("li.search-row", attributes, signOf(c, "layers"), h("span.grow.clip", {}, highlight(title(result), query)), h("span.num.cap", {}, number(c?.feature_count ?? 0)));
}

function classRow(result, attributes) {
  const c = result.collection && collection(result.collection);
  const own = `${result.code} ${title(result)}`;
  const of = c ? [title(c), words(result, "why") !== own && words(result, "why")] : [words(result, "scheme_title"), t("search.class.none")];
  return h("li.search-row", attributes, signOf(c, "layers"), twoLines(own, of.filter(Boolean).join(" · ")), c && h("span.num.cap", {}, number(result.count)));
}

function chapterRow(result, attributes, query) {
  const whole = result.chapter && words(result, "of");
  const part = result.ref && citation(result.ref);
  return h("li.search-row", attributes, icon("document"),
    twoLines(highlight(words(result, "title"), query), [part, whole && part && " · ", whole && spoken(whole)]));
}

function why(result, query) {
  const text = typeof result.why === "string" ? result.why : "";
  const seen = name(result).toLowerCase().includes(query.toLowerCase());
  return seen ? otherName(result) : text || otherName(result);
}
