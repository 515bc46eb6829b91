/** What the page is showing. One object, named changes, nothing else. */
import { FRESH } from "./lib/print-sheet.js";

class State extends EventTarget {
  #values;

  constructor(values) {
    super();
    this.#values = values;
  }

  get(key) {
    return this.#values[key];
  }

  /** Set several values; each changed one is announced once, after all are set. */
  set(patch) {
    const changed = Object.keys(patch).filter((k) => this.#values[k] !== patch[k]);
    for (const key of changed) this.#values[key] = patch[key];
    for (const key of changed) this.announce(key);
  }

  announce(key) {
    this.dispatchEvent(new CustomEvent(key, { detail: this.#values[key] }));
  }

  /** Call `listen` once after any of the named values changed, however many did. Returns the undo. */
  on(keys, listen) {
    const names = keys.split(" ");
    let due = false;
    let ended = false;
    const later = () => {
      if (due) return;
      due = true;
      queueMicrotask(() => {
        due = false;
        if (!ended) listen();
      });
    };
    for (const name of names) this.addEventListener(name, later);
    return () => {
      ended = true;
      names.forEach((name) => this.removeEventListener(name, later));
    };
  }
}

export const state = new State({
  lang: "zh",
  theme: "light",
  place: "map", // map | uploads | reviews | docs | indicators | print | accounts
  placeId: null, // the upload, changeset or document opened there
  session: { principal: null, csrf: null, public_read: true },
  ended: false, // the login of `session` holds no longer; what they were doing stays
  catalogue: null, // {groups, collections: Map}
  styles: null,
  view: null, // {lng, lat, zoom, bbox}
  on: {}, // layer id -> true when drawn
  opacity: {}, // layer id -> 0..1
  order: [], // ids of layers, lowest first, as the reader has put them; empty: the plan's
  open: {}, // layer id -> true when its legend is open
  filters: {}, // layer id -> {field, value}
  asOf: null, // an ISO time: layers as they were published then
  newer: [], // layers published anew since the page has known them: [{id, version}]
  versionsThen: null, // layer id -> the version current then
  planDate: null, // YYYY-MM-DD: what the plans hold valid on that day
  timeBar: null, // null | "plan" | "published"
  statsBy: null, // the field that areas are grouped by
  statsScope: "all", // all | view
  balanceWith: null, // "3": a version, or a layer's id: what the balance table is held against
  tableSort: null, // "name" or "-area_m2": the column the table is sorted by
  tableFind: "", // what is looked for in it
  diff: null, // {a, b}: the versions of the statistics layer held against each other
  pinned: {}, // layer id -> version shown instead of the current one
  versionsMissing: [], // [layer, version]: what the address named and nobody has published
  loading: {}, // layer id -> "loading" | "error" | "ready"
  retried: null, // {layer}: its tiles that failed are asked for again
  embedded: false, // the map alone, in somebody else's page
  partner: null, // the origin of that page, where the address names it
  offline: false,
  back: 0, // how often the service was lost and found again
  slow: false, // an answer is waited for
  pointer: null, // {lng, lat} under the pointer
  selection: null, // {layer, id}
  hits: null, // [{layer, id, ...}] when a click found several
  hover: null, // {layer, id}
  tab: "overview",
  tool: "select", // select | draw | measure
  drawMode: "polygon", // polygon | rectangle | circle | line | point
  drawnAround: null, // {layer, id}: the feature chosen before drawing began
  drawn: null, // GeoJSON geometry
  fromFile: false, // the drawn shape came from a file: it stays out of the address
  file: null, // the file asked about: {name, problem} or {name, answer, chosen}; read, not kept
  drawer: null, // null | "area" | "overlap" | "balance" | "proximity" | "checks" | "diff" | "table"
  statsLayer: null,
  statsDistance: "800", // metres to the metro
  unit: "mu",
  basis: "ellipsoidal",
  highlight: null, // {layer, field, value} or {layer, band}: what keeps its colour
  bandIds: null, // the ids that the chosen band holds, once known
  panel: true, // the layer panel is open
  base: "plain", // plain | grid | the id of a named base map
  basemaps: null, // the named ones, once known
  baseLoaded: false, // pictures of the named one have come
  baseFailed: false, // and the last asked for has not
  work: null, // upload or changeset under work: {kind, ...}, drawn by map/work
  compare: [], // up to two {layer, id}, side by side
  jobs: [], // what the user started, newest first: [{kind, id, name, status, ...}]
  tray: undefined, // whether their list is open; undefined until it was
  print: FRESH, // the sheet of the print page
  printFrame: null, // its frame on the map while it is placed: {at, scale, rotation, size, paper, rings}
  swipe: null, // {layer, version, x}, or {layer, other, x}: two layers, or {proposed, x}: what is under review
  swipeBlank: null, // {layer, field, side}: what one side of the divider does not have
  viewHeld: null, // the changeset or upload whose place on the map the address has said
});
