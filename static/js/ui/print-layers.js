/** What the sheet shows: its layers, and as chips what narrows them and what was drawn. */
import { collection, isOn, setFilter, toggleLayer } from "../catalogue.js";
import { fill, h } from "../dom.js";
import { loadFeatures } from "../features.js";
import { codeLabel, t, title } from "../i18n.js";
import { number } from "../lib/format.js";
import { drawingOrder } from "../order.js";
import { state } from "../state.js";
import { field } from "./controls.js";
import { icon } from "./icons.js";
import { symbol } from "./legend.js";
import { change, drawnShape, filtersShown, sheetNow } from "./print-request.js";

function layerRow(c) {
  const box = h("input.check", { type: "checkbox", name: `layer-${c.id}`, onchange: () => {
    toggleLayer(c.id, box.checked);
    if (box.checked) loadFeatures(c.id).catch(() => {});
  } });
  box.checked = isOn(c.id);
  return h("label.print-layer", {}, box, symbol(c), h("span.grow", {}, title(c)), h("span.cap.num", {}, number(c.feature_count)));
}

const chip = (text, remove) => h("span.chip.print-chip", {}, h("span", {}, text), h("button.chip-x", { type: "button", "aria-label": t("print.chip.remove", { name: text }), onclick: remove }, icon("close")));

function filterChip([id, filter]) {
  const meta = collection(id).fields?.find((f) => f.name === filter.field);
  const value = codeLabel(meta, filter.value) || filter.value;
  return chip(t("print.chip.filter", { layer: title(collection(id)), field: meta ? title(meta) : filter.field, value }), () => setFilter(id, null));
}

function chips() {
  const day = state.get("planDate");
  return [
    drawnShape() && chip(t("print.chip.drawn"), () => state.set({ drawn: null, fromFile: false, file: null })),
    filtersShown().map(filterChip),
    day && chip(t("print.chip.day", { d: day }), () => state.set({ planDate: null })),
  ].flat().filter(Boolean);
}

function nameOfShape() {
  const input = h("input.input", { type: "text", name: "shape-name", maxlength: "40", value: sheetNow().shapeName, placeholder: t("print.shape.default") });
  input.addEventListener("input", () => change({ shapeName: input.value }));
  return field({ label: t("print.shape.name"), control: input });
}

export function layersAndFilters() {
  const list = h("div.print-layer-list");
  const narrowing = h("div.print-chips", { role: "group", "aria-label": t("print.chips") });
  const shape = h("div");
  let [shown, order] = [null, null];
  const refresh = () => {
    const layers = drawingOrder().filter((c) => c.id !== "district" && c.feature_count).reverse();
    if (!order) order = [...layers.filter((c) => isOn(c.id)), ...layers.filter((c) => !isOn(c.id))].map((c) => c.id); // what is on leads, and stays where it was
    const focused = document.activeElement?.name;
    layers.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    fill(list, layers.map(layerRow));
    if (focused?.startsWith("layer-")) list.querySelector(`[name="${focused}"]`)?.focus();
    const all = chips();
    narrowing.hidden = !all.length;
    fill(narrowing, all);
    if (shown !== Boolean(drawnShape())) fill(shape, drawnShape() && nameOfShape());
    shown = Boolean(drawnShape());
  };
  refresh();
  const node = h("details.print-content", { open: true }, h("summary", {}, t("print.layers")), narrowing, shape, list);
  return { node, refresh };
}
