/** The columns of a layer's table: which fields stand there, how they are written, sorted and searched. */
import { h } from "../dom.js";
import { codeLabel, day, lang, name, t, title } from "../i18n.js";
import { area, number } from "../lib/format.js";
import { classOf } from "../lib/styling.js";
import { state } from "../state.js";
import { layerClasses, swatch } from "./legend.js";
import { lines } from "./spoken.js";

const HIDDEN = /^(name_en|name_zh|facts|verbs|conflict|construction|location_note|source_|evidence|accuracy|color|aliases|parent|scope)/;
const MOST = 6; // fields of a layer's own

const stated = (features, field) => features.some((f) => ![null, undefined, ""].includes(f.properties[field.name]));

/** Fields that say something in these features. */
export const ownFields = (layer, features) => (layer.fields ?? []).filter((f) => !HIDDEN.test(f.name) && stated(features, f)).slice(0, MOST);

function written(layer, field) {
  const classes = layerClasses(layer.id);
  if (classes?.field === field.name) {
    return (v, f) => {
      const cls = classOf(classes, v, f.properties.landuse_scheme);
      return cls ? h("span.row", {}, swatch(cls), `${v} ${cls[lang()] ?? ""}`) : codeLabel(field, v);
    };
  }
  if (field.type === "date") return day;
  if (["lines", "line"].includes(field.name)) return lines;
  return (v) => (typeof v === "number" ? number(v, 2) : codeLabel(field, v));
}

/** What the first column says of a feature, in the order it looks: the fields to sort by. */
function nameKeys(layer) {
  const has = (field) => (layer.fields ?? []).some((f) => f.name === field);
  const names = lang() === "zh" ? ["name_zh", "name_en"] : ["name_en", "name_zh"];
  return [...names, "parcel_code"].filter(has).concat("id");
}

const MEASURES = {
  polygon: () => [["area_m2", t("area.ellipsoidal"), (v) => area(v, state.get("unit"))], ["area_plane_m2", t("area.plane"), (v) => area(v, state.get("unit"))]],
  line: () => [["length_m", t("length.title"), (v) => number(v, 0)]],
};

export function columnsOf(layer, fields) {
  const unit = t(`unit.${state.get("unit")}`);
  const measure = MEASURES[layer.geometry_type]?.() ?? [];
  return [
    { key: "name", keys: nameKeys(layer), label: t("table.name"), of: (f) => name({ ...f.properties, id: f.id }) },
    ...fields.map((field) => ({ key: field.name, keys: [field.name], label: title(field), of: (f) => f.properties[field.name], show: written(layer, field), num: ["number", "integer"].includes(field.type) })),
    ...measure.map(([key, label, show]) => ({ key, keys: [key], label: `${label} ${key.startsWith("area") ? unit : t("unit.m")}`, of: (f) => f.properties[key], show, num: true })),
  ];
}

/** The words that stand for a field's codes, in both languages: {code: [word, word]}. */
function wordsOf(layer, field) {
  const classes = layerClasses(layer.id);
  if (classes?.field === field.name) return Object.fromEntries([...classes.byValue].map(([code, c]) => [code, [c.zh, c.en].filter(Boolean)]));
  return field.codes ? Object.fromEntries(Object.entries(field.codes).map(([code, c]) => [code, [c.zh, c.en].filter(Boolean)])) : null;
}

/** What is looked through: names, the code, every text that stands in the table; of a layer held by the page all its texts. */
export function searchedOf(layer, fields, everything) {
  const shown = new Set([...nameKeys(layer), ...fields.map((f) => f.name)]);
  const texts = (layer.fields ?? []).filter((f) => f.type === "string" && (everything || shown.has(f.name)));
  return [...texts.map((f) => ({ name: f.name, words: wordsOf(layer, f) })), { name: "id" }];
}
