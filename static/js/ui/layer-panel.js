/** The layer tree: groups, switches, counts, and what opens in place below a row. */
import { collection, collectionsOf, fieldOf, isOn, isTiled, loadCatalogue, opacityOf, setFilter, toggleLayer } from "../catalogue.js";
import { ask } from "../commands.js";
import { byId, fill, h, iconButton, keepFocus } from "../dom.js";
import { followFeatures, loadFeatures, retryLayer } from "../features.js";
import { codeLabel, t, title } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { empty, failure, segmented, select, skeleton } from "./controls.js";
import { icon } from "./icons.js";
import { versionPicker } from "./version-picker.js";
import { onRowKey, orderList } from "./layer-order.js";
import { settle, walkable } from "./layer-walk.js";
import { layerClasses, layerEvidence, legend, symbol, tally } from "./legend.js";
import { countsOf, legendBox, valuesOf } from "./legend-counts.js";

const FEW = 8; // classes listed before the rest is folded away
const FILTERED = ["status", "verb", "mode", "kind", "scope", "evidence", "subarea"];
const MANY = 30; // values a select can still be read with
let needle = "";
let filtering = false;
let ordering = false;

function howManyOn() {
  const all = [...(state.get("catalogue")?.collections.keys() ?? [])];
  return t("layers.on", { n: all.filter(isOn).length, all: all.length });
}

function header() {
  return h("div.panel-head", {},
    h("h2", {}, t(ordering ? "order.title" : "layers.title")), h("span.cap.grow", {}, !ordering && howManyOn()),
    !ordering && headButton("filter", "layers.filter", filtering, () => { filtering = !filtering; needle = ""; }),
    headButton("stack", "order.title", ordering, () => { ordering = !ordering; }),
    iconButton("back", t("layers.collapse"), { onclick: () => state.set({ panel: false }) }));
}

function headButton(name, label, pressed, change) {
  const id = `layers-${name}`;
  return iconButton(name, t(label), { id, "aria-pressed": String(pressed), onclick: () => { change(); render(); byId(id).focus(); } });
}

function filterBox() {
  const input = h("input.input", { type: "search", placeholder: t("layers.filter"), "aria-label": t("layers.filter"), value: needle });
  input.addEventListener("input", () => { needle = input.value.trim().toLowerCase(); renderTree(); });
  return h("div.panel-filter", {}, input);
}

const layersIn = (entry) => collectionsOf(entry.id).filter((c) => !needle || `${c.title_zh} ${c.title_en} ${c.id}`.toLowerCase().includes(needle));
const onIn = (layers) => `${layers.filter((c) => isOn(c.id)).length}/${layers.length}`;

function group(entry) {
  const layers = layersIn(entry);
  if (!layers.length) return null;
  const closed = state.get(`closed:${entry.id}`);
  return h("div.tree-group", { role: "rowgroup", "aria-label": title(entry) },
    gridRow(1, h("button.tree-head", { type: "button", id: `group-${entry.id}`, "data-group": entry.id, "data-said": said(entry), "aria-expanded": String(!closed), onclick: () => { state.set({ [`closed:${entry.id}`]: !closed }); renderTree(); } },
      icon("chevron"), h("span.grow", {}, title(entry)), h("span.cap", {}, onIn(layers)))),
    !closed && h("ul", { role: "none" }, layers.map(row)));
}

const cell = (...content) => h("span.tree-cell", { role: "gridcell" }, content);
const gridRow = (level, content) => h("div", { role: "row", "aria-level": String(level) }, h("div", { role: "gridcell" }, content));
const said = (entry) => `${title(entry)}\n${entry.title_en}\n${entry.id}`; // what letters find it by

const stateOf = (c) => isOn(c.id) && state.get("loading")[c.id];

function picture(c) {
  const drawn = symbol(c);
  drawn.classList.toggle("is-loading", stateOf(c) === "loading");
  return drawn;
}

function row(c) {
  const open = Boolean(state.get("open")[c.id]);
  const input = h("input.check", { type: "checkbox", id: `layer-${c.id}`, "data-layer": c.id, onchange: () => toggleLayer(c.id, input.checked) });
  input.checked = isOn(c.id);
  const broken = stateOf(c) === "error";
  input.setAttribute("aria-label", t("layers.show", { name: title(c) }));
  return h("li.tree-item", { role: "none", class: open ? "is-open" : "", "data-layer-row": c.id, "data-broken": broken, onkeydown: (event) => isOn(c.id) && onRowKey(event, c) },
    h("div.tree-row", { role: "row", "aria-level": "2", "data-said": said(c) }, cell(input, picture(c)),
      cell(h("button.tree-name.clip", { type: "button", "aria-expanded": String(open), "aria-label": t("layers.details", { name: title(c) }), title: title(c), onclick: () => openRow(c.id) }, title(c)),
      broken && !open && iconButton("warning", `${t("layers.failed")} ${t("layers.retry")}`, { class: "row-warning", "data-retry": c.id, onclick: () => retryLayer(c.id) }),
      state.get("filters")[c.id] && h("span.dot-note", { title: t("layers.filtered") }, icon("filter"))),
      cell(h("span.row-actions", {},
        iconButton("extent", t("layers.zoom", { name: title(c) }), { onclick: () => ask("layer", c.id) }),
        iconButton("table", t("layers.table", { name: title(c) }), { onclick: () => state.set({ drawer: "table", statsLayer: c.id }) }))),
      cell(h("span.tree-count", {}, number(c.feature_count ?? 0)))),
    open && gridRow(3, details(c)));
}

function openRow(id) {
  const open = state.get("open");
  state.set({ open: { ...open, [id]: !open[id] } });
  if (!open[id]) loadFeatures(id).catch(() => {});
}

function details(c) {
  if (state.get("loading")[c.id] === "error") return failure(t("layers.failed"), () => retryLayer(c.id), t("layers.retry"));
  if (!c.feature_count) return h("p.tree-note.cap", {}, t("layers.empty"));
  return h("div.tree-details", {}, opacity(c),
    layerEvidence(c.id) && h("p.ind-note", {}, t("evidence.layer.indicative")), legendOf(c), unlocated(c), filterOf(c), versionPicker(c));
}

function opacity(c) {
  const out = h("output.num.cap", {}, `${Math.round(opacityOf(c.id) * 100)}%`);
  const input = h("input.range", { type: "range", min: "10", max: "100", step: "5", "aria-label": t("layers.opacity") });
  input.value = Math.round(opacityOf(c.id) * 100);
  const show = () => { input.style.setProperty("--part", `${((input.value - 10) / 90) * 100}%`); };
  input.addEventListener("input", () => {
    out.textContent = `${input.value}%`;
    show();
    state.set({ opacity: { ...state.get("opacity"), [c.id]: input.value / 100 } });
  });
  show();
  return h("label.opacity", {}, h("span", {}, t("layers.opacity")), input, out);
}

function legendOf(c) {
  if (state.get("loading")[c.id] === "loading") return skeleton(3);
  const counted = isTiled(c.id) ? countsOf(c, legendBox(), renderTree) : tally(c, legendBox());
  if (!counted) return skeleton(3);
  const { rows, total } = counted;
  const scope = segmented({
    label: t("layers.legend"), small: true, value: state.get("legendScope") ?? "view", change: (v) => { state.set({ legendScope: v }); renderTree(); },
    options: [["view", t("layers.view")], ["all", t("layers.all")]],
  });
  const shown = rows.slice(0, FEW);
  return h("div", {}, h("div.row.between", {}, h("span.cap", {}, t("layers.legend")), scope), legend(c, shown, total),
    rows.length > FEW && h("p.cap.tree-more", {}, t("layers.more", { n: rows.length - FEW })));
}

/** One select a field that tells features apart: the class first, then status and kind. */
function filterOf(c) {
  const own = isTiled(c.id) ? layerClasses(c.id)?.field ?? c.class_field : tally(c, null).field;
  const names = new Set([own, ...FILTERED.filter((n) => c.fields?.some((f) => f.name === n))]);
  return [...names].filter(Boolean).map((field) => filterBy(c, field)).filter(Boolean).slice(0, 3);
}

function filterBy(c, field) {
  const meta = fieldOf(c.id, field);
  const rows = isTiled(c.id) ? valuesOf(c, field, renderTree) ?? [] : tally(c, null, field).rows;
  if (rows.length < 2 || rows.length > MANY) return null;
  const filter = state.get("filters")[c.id];
  const words = (r) => `${r.label || codeLabel(meta, r.value)} (${number(r.count)})`;
  return select({
    label: t("layers.filterBy", { field: meta ? title(meta) : field }), value: filter?.field === field ? String(filter.value) : "",
    options: [["", t("layers.allValues")], ...rows.map((r) => [String(r.value), words(r)])],
    change: (value) => setFilter(c.id, value === "" ? null : { field, value }),
  });
}

function unlocated(c) {
  const missing = c.feature_count - (c.located_count ?? c.feature_count);
  return missing > 0 ? h("p.cap", {}, t("layers.unlocated", { n: number(missing) })) : null;
}

function tree() {
  const catalogue = state.get("catalogue");
  if (!catalogue) return state.get("failure") ? empty(t("map.failed"), { iconName: "warning", action: retryButton() }) : skeleton(8);
  if (ordering) return orderList();
  const groups = catalogue.groups.map(group).filter(Boolean);
  return groups.length ? h("div", { role: "treegrid", "aria-label": t("layers.title") }, groups) : empty(t("layers.none"));
}

const retryButton = () => h("button.btn.secondary.small", { type: "button", onclick: () => loadCatalogue().catch(() => {}) }, t("layers.retry"));

function foot() {
  const own = [["plain", t("base.plain")], ["grid", t("base.grid")]];
  const named = (state.get("basemaps") ?? []).map((b) => [b.id, b.datum === "GCJ-02" ? `${title(b)} · GCJ-02` : title(b)]);
  const choice = { label: t("base.label"), value: state.get("base"), options: [...own, ...named], change: (base) => state.set({ base }) };
  return h("div.panel-foot", {}, h("span.cap.grow", { "aria-hidden": "true" }, t("base.label")),
    named.length ? select({ ...choice, hidden: true, name: "base" }) : segmented(choice));
}

let body = null;
function renderTree() {
  if (!body?.isConnected) return;
  keepFocus(body, () => {
    const top = body.scrollTop;
    fill(body, tree());
    settle(body);
    if (top) body.scrollTop = top; // asking makes the page lay itself out
  });
}

/** The rows, where nothing lies open and nothing failed: then they change in place. */
function plainRows() {
  const rows = [...body?.querySelectorAll("[data-layer-row]") ?? []].map((li) => [li, collection(li.dataset.layerRow)]);
  return ordering || rows.some(([li, c]) => li.matches(".is-open, [data-broken]") || stateOf(c) === "error") ? null : rows;
}

const repicture = ([li, c]) => li.querySelector(".symbol").replaceWith(picture(c));

/** What has come changes pictures alone. */
function renderLoaded() {
  const rows = plainRows();
  if (rows) rows.forEach(repicture);
  else renderTree();
}

/** What is on changes switches, pictures and how many are on. */
function renderOn() {
  const rows = state.get("catalogue") && state.get("panel") && body?.isConnected && plainRows();
  if (!rows) return render();
  rows.forEach(repicture);
  for (const [li, c] of rows) li.querySelector(".check").checked = isOn(c.id);
  for (const entry of state.get("catalogue").groups) {
    const head = byId(`group-${entry.id}`);
    if (head) head.querySelector(".cap").textContent = onIn(layersIn(entry));
  }
  byId("layers").querySelector(".panel-head .cap").textContent = howManyOn();
  return undefined;
}

const render = () => keepFocus(byId("layers"), draw, () => byId("layers").querySelector("button:last-of-type"));

function draw() {
  const panel = byId("layers");
  const open = state.get("panel");
  panel.setAttribute("aria-label", t("layers.title"));
  panel.classList.toggle("is-rail", !open);
  if (!open) {
    fill(panel, iconButton("layers", t("layers.open"), { onclick: () => state.set({ panel: true }) }));
    return;
  }
  body = walkable(h("div.panel-body.scroll", {}, tree()));
  settle(body);
  fill(panel, header(), filtering && !ordering && filterBox(), body, foot());
}

export function mountLayers() {
  if (matchMedia("(max-width: 1279px)").matches) state.set({ panel: false });
  state.on("lang theme catalogue panel base styles failure", render);
  state.on("on", renderOn);
  state.on("basemaps", () => byId("layers").querySelector(".panel-foot")?.replaceWith(foot()));
  followFeatures(renderLoaded);
  state.on("open order filters highlight pinned planDate versionsThen", renderTree);
  let timer = null;
  state.on("view", () => {
    clearTimeout(timer);
    if (!Object.values(state.get("open")).some(Boolean)) return; // only legends tell of what is in view
    timer = setTimeout(() => !document.activeElement?.matches?.(".range") && renderTree(), 200);
  });
  render();
}

export const layerTitle = (id) => title(collection(id) ?? { id });
