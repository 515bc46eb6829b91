/** What a feature is: areas first, the land use in it, what the plan says, the metro near it, what it overlaps. */
import { collection } from "../catalogue.js";
import { h } from "../dom.js";
import { featuresOf, loadFeatures } from "../features.js";
import { codeLabel, day, name, t, title, lang, words } from "../i18n.js";
import { number } from "../lib/format.js";
import { distanceToFeature } from "../lib/nearest.js";
import { lengthText } from "../quantities.js";
import { state } from "../state.js";
import { areaTable, lengthTable } from "./area-table.js";
import { classFor } from "../lib/styling.js";
import { composition, isComposed } from "./composition.js";
import { icon } from "./icons.js";
import { layerClasses, swatch } from "./legend.js";
import { neighbours } from "./neighbours.js";
import { overlapSummary } from "./overlaps-tab.js";
import { lines, spoken, withCitations } from "./spoken.js";

const ELSEWHERE = new Set([
  "name_zh", "name_en", "evidence", "accuracy_m", "source_title", "source_ref", "valid_from", "valid_to", "area_m2",
  "area_plane_m2", "length_m", "length_plane_m", "area_stated_mu", "area_stated_ha", "area_declared_m2", "color",
  "verb", "construction", "construction_en", "location_note", "location_note_en", "conflicts", "conflict_note", "conflict_note_en",
]);
const NEAR = 3;
const FAR_M = 20_000;

function codeOf(raw, p) {
  const cls = classFor(layerClasses("parcels"), p);
  return h("span.row", {}, cls && swatch(cls), `${raw} ${cls?.[lang()] ?? ""}`);
}

function value(field, raw, p) {
  if (field.type === "date") return day(raw);
  if (field.type === "number") return `${number(raw, Number.isInteger(raw) ? 0 : 2)}${field.unit ? ` ${field.unit}` : ""}`;
  if (typeof raw === "number") return number(raw, Number.isInteger(raw) ? 0 : 2);
  if (field.name === "parent") return parentLink(raw);
  if (field.name === "landuse_code") return codeOf(raw, p);
  if (field.name === "lines" || field.name === "line") return lines(raw);
  const parts = String(raw).split(lang() === "zh" ? /[；]/ : /[；]|; (?![^(]*\))/).filter(Boolean);
  return parts.length > 1 ? h("ul.facts", {}, parts.map((part) => h("li", {}, withCitations(part)))) : withCitations(codeLabel(field, raw));
}

function parentLink(id) {
  for (const c of state.get("catalogue").collections.values()) {
    const found = featuresOf(c.id)?.find((f) => f.id === id);
    if (found) {
      return h("button.link", { type: "button", onclick: () => state.set({ selection: { layer: c.id, id }, hits: null }) }, name({ ...found.properties, id }));
    }
  }
  return null;
}

/** Fields that come in two languages are told in the reader's, once. */
function told(fields) {
  const names = new Set(fields.map((f) => f.name));
  return fields.filter((f) => {
    if (f.name.endsWith("_en")) return lang() === "en";
    return !(lang() === "en" && names.has(`${f.name}_en`));
  });
}

/** What the plan says of a feature, as [field, what to show]. */
export function attributeRows(feature, layer) {
  const fields = told(collection(layer).fields ?? []);
  const known = new Set((collection(layer).fields ?? []).map((f) => f.name));
  const extra = Object.keys(feature.properties).filter((key) => !known.has(key) && !ELSEWHERE.has(key))
    .map((key) => ({ name: key, title_zh: key, title_en: key }));
  return [...fields, ...extra]
    .filter((f) => !ELSEWHERE.has(f.name) && ![null, undefined, ""].includes(feature.properties[f.name]))
    .map((f) => [f, value(f, feature.properties[f.name], feature.properties)]).filter(([, shown]) => shown !== null);
}

const SHORT = 32; // characters that stand on a line

/** What fits a line leads; what documents say at length follows the figures. */
function attributes(feature, layer) {
  const facts = attributeRows(feature, layer).map(([f, shown]) => h("div.fact", {}, h("dt", {}, title(f)), h("dd", {}, shown)));
  const { valid_from: from, valid_to: to } = feature.properties;
  if (from || to) facts.push(h("div.fact", {}, h("dt", {}, t("field.validity")), h("dd", {}, [from && `${t("field.from")} ${day(from)}`, to && `${t("field.to")} ${day(to)}`].filter(Boolean).join(" "))));
  const short = (fact) => !fact.querySelector("ul") && fact.lastChild.textContent.length <= SHORT;
  const [leads, follows] = [facts.filter(short), facts.filter((fact) => !short(fact))];
  return [listed("field.title", leads), listed(leads.length ? "field.more" : "field.title", follows)];
}

const listed = (heading, facts) => (facts.length ? h("section.block", {}, h("div.block-head", {}, h("h2", {}, t(heading))), h("dl.facts-list", {}, facts)) : null);

/** The nearest stations, straight from the feature's edge. */
export async function nearestStations(feature) {
  const stations = await loadFeatures("metro-stations");
  return stations.filter((s) => s.geometry).map((s) => ({ s, d: distanceToFeature(s.geometry.coordinates, feature.geometry) }))
    .filter(({ d }) => d < FAR_M).sort((a, b) => a.d - b.d).slice(0, NEAR);
}

function metro(feature, layer) {
  if (layer === "metro-stations" || layer === "district" || !feature.geometry) return null;
  const list = h("ul.near");
  const section = h("section.block", { hidden: true }, h("div.block-head", {}, h("h2", {}, t("metro.title")), h("span.cap", {}, t(feature.geometry.type.includes("Polygon") ? "metro.note" : "metro.from"))), list);
  nearestStations(feature).then((near) => {
    near.forEach(({ s, d }) => list.append(station(s, d)));
    section.hidden = !near.length;
  }).catch(() => {});
  return section;
}

function station(s, d) {
  return h("li.near-row", {}, icon("train"),
    h("button.link.ink", { type: "button", onclick: () => state.set({ selection: { layer: "metro-stations", id: s.id }, hits: null }) }, name(s.properties)),
    h("span.cap.grow.clip", {}, lines(s.properties.lines)),
    h("span.num", {}, d === 0 ? t("metro.inside") : lengthText(d)));
}

function warnings(p) {
  const notes = ["conflict_note", "location_note"].map((stem) => words({ [`${stem}_zh`]: p[stem], [`${stem}_en`]: p[`${stem}_en`] }, stem)).filter(Boolean);
  return notes.length ? h("section.block.notes", {}, notes.map((note) => h("p.ind-note", {}, icon("warning"), h("span", {}, spoken(note))))) : null;
}

export function overviewTab(feature, layer) {
  const p = feature.properties;
  const [leads, follows] = attributes(feature, layer);
  return h("div", {},
    warnings(p),
    p.area_m2 ? areaTable(p) : null,
    p.length_m ? lengthTable(p) : null,
    isComposed(feature, layer) && composition(feature, layer),
    leads,
    metro(feature, layer),
    feature.geometry?.type.includes("Polygon") && layer !== "district" ? overlapSummary(feature, layer) : null,
    follows,
    neighbours(feature, layer));
}
