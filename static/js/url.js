/** The page's state in its address. Defaults are left out; unknown keys are told. */
import { parseView, formatView, parseLayers, formatLayers, parsePath, formatPath, parsePair, formatPair, parseOrder, parseJson, parseFilters, parseGeometry, parseDay, parseMoment, KEYS } from "./lib/permalink.js";
import { closedRing, ringOfText } from "./lib/outline.js";
import { readSheet, writeSheet } from "./lib/print-sheet.js";
import { shapeOfText, textOfShape } from "./lib/shape-text.js";
import { state } from "./state.js";

const THROTTLE_MS = 250;
let timer = null;
let unknown = [];
let pending = {};

export const unknownKeys = () => unknown;

/** The state an address asks for. `defaults` names what the catalogue switches on. */
export function readAddress(location = window.location) {
  const query = new URLSearchParams(location.search);
  unknown = [...query.keys()].filter((key) => !KEYS.includes(key));
  const { place, placeId, selection, embedded = false } = parsePath(location.pathname);
  const patch = { place, placeId, selection, embedded };
  const id = query.get("id");
  if (id?.includes("/")) patch.selection = { layer: id.split("/")[0], id: id.split("/").slice(1).join("/") };
  copy(query, patch, { tab: "tab", drawer: "drawer", basis: "basis", unit: "unit", base: "base", sl: "statsLayer", time: "timeBar", by: "statsBy", scope: "statsScope", sort: "tableSort", find: "tableFind", vs: "balanceWith" });
  patch.planDate = parseDay(query.get("date"));
  patch.asOf = parseMoment(query.get("asof"));
  if (query.get("c")) patch.startView = parseView(query.get("c"), query.get("z"));
  if (query.has("l")) pending = parseLayers(query.get("l"));
  patch.order = parseOrder(query.get("o"));
  readExtras(query, patch);
  if (embedded) patch.partner = query.get("origin");
  if (place === "print") patch.print = readSheet(query);
  if (query.has("v")) patch.pinned = parseLayers(query.get("v")).values;
  if (query.has("pair")) patch.compare = parsePair(query.get("pair"));
  if (query.has("f")) patch.filters = parseFilters(query.get("f"));
  if (query.has("draw")) patch.drawn = readShape(query.get("draw"));
  if (patch.drawn) patch.tool = patch.drawn.type === "LineString" && !query.has("ask") ? "measure" : "draw"; // as links of measured lines always were
  return patch;
}

const PROPOSED = /^proposed:(0(?:\.\d+)?|1)$/; // what was submitted, the divider
const SWIPE = /^([\w-]+):([\w-]+):(0(?:\.\d+)?|1)$/; // a layer, its version or another layer, the divider

/** The versions compared, the class that keeps its colour, the divider. */
function readExtras(query, patch) {
  const pair = /^(\d+)-(\d+)$/.exec(query.get("cmp") ?? "");
  if (pair) patch.diff = { a: Number(pair[1]), b: Number(pair[2]) };
  const swipe = SWIPE.exec(query.get("swipe") ?? "");
  if (swipe) patch.swipe = { layer: swipe[1], ...(/^\d+$/.test(swipe[2]) ? { version: Number(swipe[2]) } : { other: swipe[2] }), x: Number(swipe[3]) };
  const proposed = PROPOSED.exec(query.get("swipe") ?? "");
  if (proposed) patch.swipe = { proposed: true, x: Number(proposed[1]) };
  if (proposed && patch.startView) patch.viewHeld = patch.placeId;
  const chosen = parseJson(query.get("hl") ?? "null");
  if (typeof chosen?.layer === "string" && (typeof chosen.field === "string" || chosen.band)) patch.highlight = chosen;
}

const LONGEST = 7500; // characters of a shape, some 2,000 points: with the rest within the 8 kB that servers and proxies take
const MOST_POINTS = 20_000; // what has more is not even tried

/** A drawn shape in an address, to 1e-7 degrees; null if it is too long for one. */
export function shapeText(geometry) {
  if (!geometry || geometry.coordinates.flat(3).length / 2 > MOST_POINTS) return null;
  const text = textOfShape(geometry) ?? JSON.stringify(geometry);
  return text.length < LONGEST ? text : null;
}

/** Also as earlier links say it: the ring of one area, or GeoJSON. */
function readShape(text) {
  if (text.startsWith("bits:")) return shapeOfText(text);
  if (!text.startsWith("poly:")) return parseGeometry(text);
  const points = ringOfText(text.slice(5));
  return points ? closedRing(points) : null;
}

function copy(query, patch, names) {
  for (const [key, name] of Object.entries(names)) if (query.has(key)) patch[name] = query.get(key);
}

/** What the address says about layers, once the catalogue is known. */
export const layersAsked = () => pending;

const plain = (value, usual) => (value === usual ? null : value);
const filled = (object) => (Object.keys(object ?? {}).length ? JSON.stringify(object) : null);

/** Whether a divider stands beside a changeset or an upload. */
const beside = (s) => Boolean(s("swipe")?.proposed && s("placeId") && ["uploads", "reviews"].includes(s("place")));

function swipeText(s) {
  if (!s("swipe") || (s("swipe").proposed && !beside(s))) return null;
  const { layer, other, version, proposed, x } = s("swipe");
  return `${proposed ? "proposed" : `${layer}:${other ?? version}`}:${Math.round(x * 100) / 100}`;
}

const chosenText = (chosen) => (chosen ? JSON.stringify({ ...chosen, ids: undefined, label: undefined }) : null);

/** `pinned` names the versions on show, `following` none, whatever the reader looks back to. */
export function address({ pinned = false, following = false, embedded = state.get("embedded"), partner = state.get("partner") } = {}) {
  const s = (key) => state.get(key);
  const view = s("view");
  const query = new URLSearchParams();
  const put = (key, value) => { if (value) query.set(key, value); };
  const path = formatPath({ place: s("place"), placeId: s("placeId"), selection: s("selection"), embedded });
  if (view && (s("place") === "map" || beside(s))) {
    const { c, z } = formatView(view);
    put("c", c);
    put("z", z);
  }
  if (embedded) put("origin", partner);
  if (embedded && s("selection")) put("id", `${s("selection").layer}/${s("selection").id}`);
  put("l", s("catalogue") && formatLayers(s("on"), s("opacity"), s("catalogue")));
  put("o", s("order").join(","));
  put("tab", plain(s("tab"), "overview"));
  put("drawer", s("drawer"));
  put("sl", s("drawer") && s("statsLayer"));
  put("basis", plain(s("basis"), "ellipsoidal"));
  put("unit", plain(s("unit"), "mu"));
  put("base", plain(s("base"), "plain"));
  put("f", filled(s("filters")));
  put("v", !following && formatPins(pinned));
  if (!s("fromFile")) put("draw", shapeText(s("drawn")));
  put("ask", !s("fromFile") && s("drawn")?.type === "LineString" && s("tool") !== "measure" && "1");
  if (s("drawer") === "diff" && s("diff")) put("cmp", `${s("diff").a}-${s("diff").b}`);
  put("hl", chosenText(s("highlight")));
  put("by", s("drawer") === "area" && s("statsBy"));
  put("sort", s("drawer") === "table" && s("tableSort"));
  put("find", s("drawer") === "table" && s("tableFind"));
  put("vs", s("drawer") === "balance" && s("balanceWith"));
  put("scope", s("drawer") && plain(s("statsScope"), "all"));
  put("swipe", swipeText(s));
  if (s("place") === "print") writeSheet(s("print"), put, Boolean(s("selection")));
  if (s("place") === "print" && s("selection")) put("id", `${s("selection").layer}/${s("selection").id}`);
  put("date", s("planDate"));
  put("asof", !following && s("asOf"));
  put("time", s("timeBar"));
  put("pair", formatPair(s("compare")));
  put("lang", plain(s("lang"), "zh"));
  put("theme", plain(s("theme"), "light"));
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");
  return `${path}${text ? `?${text}` : ""}`;
}

function formatPins(all) {
  const pins = { ...state.get("pinned") };
  if (all) {
    for (const id of Object.keys(state.get("on"))) {
      const version = state.get("asOf") ? state.get("versionsThen")?.[id] : state.get("catalogue")?.collections.get(id)?.version;
      if (state.get("on")[id] && version) pins[id] ??= version;
    }
  }
  return Object.entries(pins).map(([id, n]) => `${id}:${n}`).join(",");
}

function replace() {
  timer = null;
  history.replaceState(null, "", address());
}

export function followState() {
  const quiet = "view on opacity order filters pinned tab drawer basis unit base drawn lang theme statsLayer compare planDate asOf timeBar diff highlight swipe statsBy statsScope tableSort tableFind balanceWith print";
  state.on(quiet, () => { timer ??= setTimeout(replace, THROTTLE_MS); });
  let goingBack = false; // what an older address asks for is no new step
  state.on("selection place placeId filters highlight", () => {
    const next = address();
    if (next !== location.pathname + location.search) history[goingBack ? "replaceState" : "pushState"](null, "", next);
  });
  window.addEventListener("popstate", () => {
    const { place, placeId, selection, tab, filters = {}, highlight = null } = readAddress();
    const kept = filled(filters) === filled(state.get("filters")) ? {} : { filters };
    if (chosenText(highlight) !== chosenText(state.get("highlight"))) kept.highlight = highlight;
    goingBack = true;
    state.set({ place, placeId, selection, tab: tab ?? "overview", ...kept });
    setTimeout(() => { goingBack = false; });
  });
}
