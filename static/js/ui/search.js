/** One box for everything: names, aliases, pinyin, codes, positions. Keyboard first. */
import * as api from "../api.js";
import { collection, isOn } from "../catalogue.js";
import { ask } from "../commands.js";
import { byId, fill, h } from "../dom.js";
import { knownFeature, loadFeatures } from "../features.js";
import { name, otherName, t, title, words } from "../i18n.js";
import { readPosition } from "../lib/position.js";
import { area, number } from "../lib/format.js";
import { state } from "../state.js";
import { badge } from "./evidence.js";
import { icon } from "./icons.js";
import { symbol } from "./legend.js";
import { exampleRow, examples, nothing } from "./search-hints.js";
import { citation, spoken } from "./spoken.js";
import { say } from "./toast.js";

const WAIT_MS = 150;
const AGAIN_MS = 1000;
const RECENT = 5;
const LAND = "parcels";
let recent = [];
let results = [];
let active = -1;
let timer = null;
let waiting = false; // a large layer is still being indexed: its names come later
let nearest = false; // nothing is spelled so: these are the nearest

function choose(result, byKey = false) {
  if (!result) return;
  if (result.example) {
    tryOut(result.example);
    return;
  }
  if (result.again) {
    result.again();
    return;
  }
  close();
  if (result.position) {
    ask("go", result.position);
    if (byKey) ask("focus");
    return;
  }
  if (result.document) {
    openChapter(result);
    return;
  }
  if (result.statistic) {
    openStatistic(result);
    return;
  }
  if (result.code) {
    openClass(result);
    return;
  }
  if (result.collection) {
    openLayer(result.collection);
    return;
  }
  recent = [result, ...recent.filter((r) => r.id !== result.id)].slice(0, RECENT);
  state.set({ byKey, place: "map", tool: "select", drawn: null, hits: null, tab: "overview", selection: { layer: result.layer, id: result.id } });
}

/** Examples are no answer to what is being typed. */
function dropExamples() {
  if (!results[0]?.example) return;
  results = [];
  active = -1;
  fill(byId("search-list"));
}

function tryOut(example) {
  byId("search-input").value = example;
  look(example);
}

function openChapter({ document: id, chapter }) {
  state.set({ tab: "overview", docsAt: chapter, docsFor: null, selection: null, hits: null });
  state.set({ place: "docs", placeId: id });
}

/** A whole layer: switched on, with its legend open. */
function openLayer(id) {
  state.set({ place: "map", panel: true, on: { ...state.get("on"), [id]: true }, open: { ...state.get("open"), [id]: true } });
  loadFeatures(id).catch(() => {});
  const row = byId(`layer-${id}`);
  row?.scrollIntoView({ block: "center" });
  row?.focus();
}

/** What a question in words asks: counted at once, by the statistics that answer it. */
function openStatistic({ statistic, layer, distance }) {
  const isOpen = state.get("drawer") === statistic && state.get("statsLayer") === layer;
  state.set({ place: "map", on: { ...state.get("on"), [layer]: true }, drawer: statistic, statsLayer: layer, statsDistance: String(distance), statsScope: "all" });
  if (isOpen) state.announce("statsLayer");
}

/** A class of land use keeps its colour; one that no feature has leads to the land that could. */
function openClass({ collection: layer, field, code, ...named }) {
  if (!layer) {
    openLayer(LAND);
    return;
  }
  state.set({ place: "map", on: { ...state.get("on"), [layer]: true }, highlight: { layer, field, value: code, label: `${code} ${title(named)}` } });
  ask("layer", layer);
}

function close() {
  const input = byId("search-input");
  input.setAttribute("aria-expanded", "false");
  input.blur();
  byId("search-list").hidden = true;
  state.set({ hover: null });
}

/** Esc closes the list, then empties the box. */
function leave(event) {
  event.stopPropagation();
  const list = byId("search-list");
  if (list.hidden) event.target.value = "";
  list.hidden = true;
  event.target.setAttribute("aria-expanded", "false");
  state.set({ hover: null });
}

function highlight(text, query) {
  const at = query ? text.toLowerCase().indexOf(query.toLowerCase()) : -1;
  if (at < 0) return text;
  return [text.slice(0, at), h("mark", {}, text.slice(at, at + query.length)), text.slice(at + query.length)];
}

const asOption = (result, i) => ({ role: "option", id: `search-${i}`, "aria-selected": String(i === active), onmousedown: (e) => { e.preventDefault(); choose(result); } });

function option(result, i, query) {
  if (result.example) return exampleRow(result, asOption(result, i));
  if (result.position) {
    return h("li.search-row", asOption(result, i), icon("pin"), h("span.grow", {}, t("search.go")), h("span.cap", {}, `${result.position.crs} · ${result.position.lng.toFixed(5)}, ${result.position.lat.toFixed(5)}`));
  }
  if (result.document) return chapterRow(result, i, query);
  if (result.statistic) return h("li.search-row", asOption(result, i), icon("chart"), h("span.grow", {}, title(result)));
  if (result.code) return classRow(result, i);
  if (result.collection) return layerRow(result, i, query);
  const c = collection(result.layer);
  const p = knownFeature(result.layer, result.id)?.properties;
  return h("li.search-row", {
    ...asOption(result, i), onmouseenter: () => state.set({ hover: { layer: result.layer, id: result.id } }),
  }, c ? symbol(c) : icon("document"),
  h("span.grow.search-names", {}, h("span.clip", {}, highlight(name(result), query)), h("span.cap.clip", {}, spoken([title(c ?? result), c && !isOn(c.id) && t("search.off"), why(result, query)].filter(Boolean).join(" · ")))),
  p?.area_m2 ? h("span.num.cap", {}, `${area(p.area_m2, "mu", 0)} ${t("unit.mu")}`) : null,
  result.evidence && badge(result.evidence, { small: true }));
}

function layerRow(result, i, query) {
  const c = collection(result.collection);
  return h("li.search-row", asOption(result, i), c ? symbol(c) : icon("layers"), h("span.grow.clip", {}, highlight(title(result), query)), h("span.num.cap", {}, number(c?.feature_count ?? 0)));
}

function classRow(result, i) {
  const c = result.collection && collection(result.collection);
  const own = `${result.code} ${title(result)}`;
  const of = c ? [title(c), words(result, "why") !== own && words(result, "why")] : [words(result, "scheme_title"), t("search.class.none")];
  return h("li.search-row", asOption(result, i), c ? symbol(c) : icon("layers"),
    h("span.grow.search-names", {}, h("span.clip", {}, own), h("span.cap.clip", {}, of.filter(Boolean).join(" · "))), c && h("span.num.cap", {}, number(result.count)));
}

function chapterRow(result, i, query) {
  const ref = [result.chapter && words(result, "of"), result.ref && citation(result.ref)];
  return h("li.search-row", asOption(result, i), icon("document"), h("span.grow.search-names", {}, h("span.clip", {}, highlight(words(result, "title"), query)), h("span.cap.clip", {}, ref[1], ref[0] && ref[1] && " · ", ref[0] && spoken(ref[0]))));
}

function why(result, query) {
  const text = typeof result.why === "string" ? result.why : "";
  const seen = name(result).toLowerCase().includes(query.toLowerCase());
  return seen ? otherName(result) : text || otherName(result);
}

function show(list, query) {
  const found = list.length || waiting;
  results = found ? list : examples();
  active = list.length ? 0 : -1;
  if (query && !found) say(t("search.none", { q: query }));
  const box = byId("search-list");
  byId("search-input").setAttribute("aria-expanded", "true");
  box.hidden = false;
  paint(query);
}

const kind = (r) => r && (["example", "document", "position", "statistic", "code", "collection"].find((each) => r[each]) ?? "feature");

/** What stands above the first row of a kind. */
function heading(i, query) {
  const of = kind(results[i]);
  if (of === kind(results[i - 1])) return null;
  const text = { example: t("search.try"), document: t("nav.documents"), statistic: t("nav.stats"), code: t("search.classes"), collection: t("layers.title"), feature: query ? nearest && t("search.alike", { q: query }) : t("search.recent") }[of];
  return text && h("li.search-head.cap", { role: "presentation" }, text);
}

function paint(query = byId("search-input").value.trim()) {
  const box = byId("search-list");
  fill(box, query && results[0]?.example && nothing(query), results.map((r, i) => [heading(i, query), option(r, i, query)]),
    !results.length && query ? h("li.search-none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, t("search.pending")) : null);
  byId("search-input").setAttribute("aria-activedescendant", active >= 0 ? `search-${active}` : "");
  byId(`search-${active}`)?.scrollIntoView({ block: "nearest" });
}

async function look(query) {
  if (!query) {
    waiting = false;
    show(recent, "");
    return;
  }
  const at = readPosition(query);
  if (at) {
    show([{ id: "position", position: at }], query);
    return;
  }
  try {
    const body = await api.get("search", { q: query }, { name: "search" });
    if (byId("search-input").value.trim() !== query) return;
    waiting = body.pending?.length > 0;
    nearest = body.alike;
    const found = inOrder(body);
    show(found, query);
    if (found.length && !waiting) say(t("search.said", { n: found.length }));
    if (waiting) timer = setTimeout(() => look(query), AGAIN_MS);
  } catch (error) {
    if (error.name !== "AbortError") down(query);
  }
}

/** What answers a question, a class or a layer that is called so, then names; what is only described so comes
 * after what is titled so. */
function inOrder({ results: found, documents = [], layers = [], questions = [], classes = [] }) {
  const isTold = found.length > 0 && found.every((r) => r.why_by === "told");
  const isMeant = (r) => r.exact && r.collection;
  const rest = [...layers.filter((r) => !r.begins), ...classes.filter((r) => !isMeant(r)), ...documents];
  return [...questions, ...classes.filter(isMeant), ...layers.filter((r) => r.begins), ...(isTold ? [...rest, ...found] : [...found, ...rest])];
}

/** It says so, and is asked again: by the button, or once the service is back. */
function down(query) {
  show([], "");
  const again = () => byId("search-input").value.trim() === query && look(query);
  results = [{ again }];
  active = 0;
  const row = h("li.search-row.search-none", { role: "option", id: "search-0", "aria-selected": "true", onmousedown: (event) => { event.preventDefault(); again(); } },
    h("span.grow", {}, t("search.down")), " ", h("span.link.strong", {}, t("action.retry")));
  fill(byId("search-list"), row);
  byId("search-input").setAttribute("aria-activedescendant", row.id);
  say(t("search.down"));
  const stop = state.on("back", () => {
    stop();
    if (row.isConnected) again();
  });
}

function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && results.length && !results[0].again) {
    event.preventDefault();
    active = active < 0 && step < 0 ? results.length - 1 : (active + step + results.length) % results.length;
    const r = results[active];
    if (r.layer) state.set({ hover: { layer: r.layer, id: r.id } });
    paint();
  } else if (event.key === "Enter") {
    event.preventDefault();
    choose(results[active], true);
  } else if (event.key === "Escape") leave(event);
}

export function mountSearch() {
  const box = byId("search");
  const render = () => {
    const input = h("input", {
      id: "search-input", type: "text", role: "combobox", autocomplete: "off", spellcheck: false, "aria-expanded": "false", "aria-controls": "search-list",
      "aria-autocomplete": "list", "aria-label": t("search.label"), placeholder: t("search.placeholder"),
      onfocus: () => look(input.value.trim()), onblur: close, onkeydown: onKey,
      oninput: () => { clearTimeout(timer); dropExamples(); timer = setTimeout(() => look(input.value.trim()), WAIT_MS); },
    });
    fill(box, h("div.search-box", {}, icon("search"), input, h("kbd", {}, "/")), h("ul", { id: "search-list", class: "scroll", role: "listbox", "aria-label": t("search.label"), hidden: true }));
  };
  state.on("lang", render);
  render();
}

export const focusSearch = () => byId("search-input").focus();
