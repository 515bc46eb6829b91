/** What the search box can find: shown before anything is typed, and where nothing is found. */
import { h } from "../dom.js";
import { joined, t, title } from "../i18n.js";
import { readHalf } from "../lib/position.js";
import { state } from "../state.js";
import { icon } from "./icons.js";

/** Each is something that is really there: a name, its pinyin, the end of a parcel code, a chapter, a position. */
const EXAMPLES = [["name", "聚龙湾", "Julong"], ["pinyin", "datansha", "dts"], ["code", "0203", "0203"], ["chapter", "第四章", "chapter 4"], ["position", "113.24,23.09", "113.24,23.09"]];

const layers = () => [...(state.get("catalogue")?.collections.values() ?? [])];

export const examples = () => EXAMPLES.map(([kind, zh, en]) => ({ kind, example: state.get("lang") === "zh" ? zh : en }));

export function exampleRow({ kind, example }, attributes) {
  return h("li.search-row.search-example", attributes, icon(kind === "chapter" ? "document" : kind === "position" ? "pin" : "search"),
    h("span.cap", {}, t(`search.can.${kind}`)), h("span.grow.search-typed", {}, example));
}

/** How much was looked through, and what could not be. */
export function searched() {
  const all = layers();
  const features = all.reduce((sum, c) => sum + (c.feature_count ?? 0), 0);
  const empty = all.filter((c) => !c.feature_count).map((c) => title(c));
  return [
    t("search.looked", { layers: all.length, n: features }),
    empty.length ? t("search.noData", { names: joined(empty) }) : null,
    state.get("session")?.principal ? null : t("search.public"),
  ].filter(Boolean);
}

/** Nothing is named so: what was looked through, and what else may be typed. */
export function nothing(query) {
  const half = readHalf(query);
  return h("li.search-nothing", { role: "presentation" }, h("p.search-nothing-head", {}, icon("search"), h("span", {}, t("search.none", { q: query }))),
    half && h("p", {}, t(`search.half.${half}`)), searched().map((line) => h("p.cap", {}, line)));
}
