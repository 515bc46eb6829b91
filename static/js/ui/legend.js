/** Symbols and legends, from the same styles that the map draws with. */
import { styleOf } from "../catalogue.js";
import { h } from "../dom.js";
import { featuresOf, inForce } from "../features.js";
import { codeLabel, lang, t } from "../i18n.js";
import { classesOf, layerStyle } from "../lib/styling.js";
import { number, percent } from "../lib/format.js";
import { state } from "../state.js";
import { svg } from "./icons.js";
import { roving } from "./roving.js";

export const layerClasses = (id) => classesOf(styleOf(id), state.get("theme"), state.get("styles")?.schemes);

export function layerEvidence(id) {
  const all = featuresOf(id) ?? [];
  return all.some((f) => f.properties.evidence === "indicative") ? "indicative" : null;
}

/** A 20×14 picture of how a layer is drawn. */
export function symbol(collection) {
  const kind = collection.geometry_type;
  const style = layerStyle(styleOf(collection.id), state.get("theme"));
  const frame = { class: "symbol", viewBox: "0 0 20 14", "aria-hidden": "true" };
  const own = collection.id.startsWith("metro") ? {} : { stroke: style.stroke ?? "currentColor" };
  if (kind === "line") return svg("svg", frame, svg("path", { class: "sym-line", d: "M1 7h18", ...own }));
  if (kind === "point") return svg("svg", frame, svg("circle", { class: "sym-dot", cx: 10, cy: 7, r: 4, ...own, ...own.stroke && { fill: style.fill ?? style.stroke } }));
  if (collection.id === "district") return svg("svg", frame, svg("path", { class: "sym-boundary", d: "M1 7h18" }));
  const classes = layerClasses(collection.id);
  if (collection.class_field === "landuse_code" && classes?.list.length) return svg("svg", frame, stripes(classes.list));
  if (layerEvidence(collection.id)) {
    const ground = style.fill && svg("rect", { x: 1, y: 1, width: 18, height: 12, rx: 2.5, fill: style.fill });
    return svg("svg", frame, ground, svg("path", { class: "sym-hatch", d: "M3 12 11 2M8 12 16 2M13 12l4-5" }),
      svg("rect", { class: `sym-ind${ground ? " on-ground" : ""}`, x: 1, y: 1, width: 18, height: 12, rx: 2.5 }));
  }
  return svg("svg", frame, svg("rect", { class: "sym-area", x: 1, y: 1, width: 18, height: 12, rx: 2.5, fill: style.fill ?? "none", stroke: style.stroke ?? "currentColor" }));
}

const stripes = (list) => list.filter((c) => c.fill).slice(0, 3)
  .map((c, i) => svg("rect", { x: 1 + i * 6, y: 1, width: 6, height: 12, fill: c.fill, stroke: c.edge ?? "none", "stroke-width": 0.7 }));

export function swatch(cls) {
  const box = h("span.swatch", { "aria-hidden": "true" });
  box.style.setProperty("--fill", cls?.fill ?? "transparent");
  box.style.setProperty("--edge", cls?.edge ?? "var(--control)");
  return box;
}

/** Rows of a legend: class, count or area in view, share. Clicking one keeps its colour. */
export function legend(collection, rows, total) {
  return roving(h("ul.legend", {}, rows.map((row) => legendRow(collection, row, total))), ".legend-row");
}

function legendRow(collection, { value, label, cls, count, area }, total) {
  const chosen = state.get("highlight");
  const field = layerClasses(collection.id)?.field ?? "status";
  const on = chosen?.layer === collection.id && String(chosen.value) === String(value);
  const share = total.area ? area / total.area : count / (total.count || 1);
  return h("li", {}, h("button.legend-row", {
    type: "button", "aria-pressed": String(on),
    onclick: () => state.set({ highlight: on ? null : { layer: collection.id, field, value, label } }),
  }, cls ? swatch(cls) : null, h("span.grow.clip", {}, label),
  h("span.num.soft", {}, area ? `${number(area / 10_000, 0)} ${t("unit.ha")}` : number(count)),
  h("span.num.share", {}, percent(share))));
}

/** What the loaded features of a layer add up to, class by class, in view or everywhere. */
export function tally(collection, box, asked = null) {
  const field = asked ?? layerClasses(collection.id)?.field ?? "status";
  const own = layerClasses(collection.id);
  const classes = own?.field === field ? own : null;
  const meta = collection.fields?.find((f) => f.name === field);
  const groups = new Map();
  for (const f of featuresOf(collection.id) ?? []) {
    if (!inForce(f.properties)) continue;
    if (box && !(f.box && f.box[0] <= box[2] && f.box[2] >= box[0] && f.box[1] <= box[3] && f.box[3] >= box[1])) continue;
    const value = f.properties[field] ?? "";
    const row = groups.get(value) ?? { value, count: 0, area: 0 };
    row.count += 1;
    row.area += f.properties.area_m2 ?? 0;
    groups.set(value, row);
  }
  const named = (value) => classes?.byValue.get(String(value))?.[lang()] ?? codeLabel(meta, value);
  const rows = [...groups.values()].map((r) => ({ ...r, label: named(r.value), cls: classes?.byValue.get(String(r.value)) }));
  rows.sort((a, b) => b.area - a.area || b.count - a.count);
  return { field, meta, rows, total: { count: sum(rows, "count"), area: sum(rows, "area") } };
}

const sum = (rows, key) => rows.reduce((total, row) => total + row[key], 0);
