/** What was found in a private file: how it was read, what is wrong with it, which shape is asked about. */
import { h } from "../dom.js";
import { errorText, lang, t, words } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { select, skeleton } from "./controls.js";
import { alike, askFiles, chooseShape } from "./drop-file.js";
import { kindOf } from "../lib/kinds.js";

const MANY = 500; // shapes a select can still offer
const NAMES = /name|名称|地块|编号|code|id$/i;
const told = (object, key) => (lang() === "zh" ? object[`${key}_zh`] ?? object[key] : object[key]);

function labelOf(feature, fields) {
  const field = fields.find((f) => NAMES.test(f.name) && feature.properties[f.name]);
  return `${feature.id}${field ? ` · ${feature.properties[field.name]}` : ""}`;
}

const WHOLE = { Polygon: "file.all", LineString: "file.all.lines", Point: "file.all.points" };

function shapes({ answer, chosen }) {
  const all = answer.features.features.filter((f) => f.geometry);
  if (all.length < 2) return null;
  const same = alike(answer);
  const kind = kindOf(same[0].geometry);
  const whole = kind !== "Polygon" || answer.together ? [["", t(WHOLE[kind], { n: number(same.length) })]] : [];
  const options = [...whole, ...all.slice(0, MANY).map((f) => [f.id, labelOf(f, answer.fields)])];
  return [select({ label: t("file.shape"), value: chosen ?? "", options, change: chooseShape }),
    all.length > MANY && h("p.cap", {}, t("file.first", { n: number(MANY), all: number(all.length) }))];
}

const FORMATS = { shapefile: "Shapefile", geojson: "GeoJSON", gpkg: "GeoPackage", flatgeobuf: "FlatGeobuf", kml: "KML", gml: "GML", dxf: "DXF", csv: "CSV", xlsx: "XLSX", filegdb: "FileGDB" };
export const formatName = (id) => (id === "boundary-points" ? t("upload.pointFile") : FORMATS[id] ?? id);

/** One of the choices, as told: all of a format together, a unit, a system with what of it lies inside. */
function choiceOf(c) {
  if (c.count) return t("upload.together", { n: c.count, format: formatName(c.format) });
  const label = told(c, "label") ?? c.value;
  return c.inside === undefined || c.inside === null ? label : `${label} · ${t("file.inside", { p: Math.round(c.inside * 100) })}`;
}

function other(file, name, value, label = value) {
  const choices = file.answer.choices?.[name];
  if (!choices?.length) return null;
  return select({
    label: t(`file.${name}`), value: "", options: [["", label], ...choices.filter((c) => c.value !== value).map((c) => [c.value, choiceOf(c)])],
    change: (v) => v && askFiles(file.files, { ...file.said, [name]: v }),
  });
}

/** Of several: another of them, or all together. */
function layers(file) {
  const { sublayer, choices } = file.answer;
  const read = choices?.sublayer?.find((c) => c.value === sublayer);
  return other(file, "sublayer", sublayer, read && choiceOf(read));
}

function problems({ problems: list, problem_count: count }) {
  if (!count) return h("p.cap", {}, t("file.clean"));
  return h("details", {}, h("summary", {}, t("file.problems", { n: number(count) })),
    h("ul.file-problems", {}, list.slice(0, 50).map((p) => h("li", {}, h("p", {}, words(p, "message") || told(p, "message")), h("p.cap", {}, told(p, "remedy") ?? "")))),
    count > 50 && h("p.cap", {}, t("file.first", { n: 50, all: number(count) })));
}

/** The section above the answer. */
export function fileLook() {
  const file = state.get("file");
  if (!file?.answer) return null;
  const { answer } = file;
  const { counts, crs } = answer;
  return h("section.block.file-look", {}, h("div.block-head", {}, h("h2.clip", {}, file.name), h("span.grow"), h("span.cap", {}, formatName(answer.format))),
    h("p.cap", {}, t("file.counts", { n: number(counts.features), a: number(counts.polygons), l: number(counts.lines), p: number(counts.points) })),
    h("p", {}, told(crs, "name") ?? crs.code, h("span.cap", {}, ` ${told(crs, "evidence") ?? ""}`)),
    layers(file), shapes(file), h("div.pair", {}, other(file, "crs", told(crs, "name") ?? crs.code), other(file, "encoding", answer.encoding)),
    problems(answer), !counts.located && h("p.field-error", { role: "alert" }, t("file.noarea")),
    h("p.cap", {}, t("file.private")));
}

/** What stands in the place of drawing while a file is read, or when it cannot be. */
export function fileState() {
  const file = state.get("file");
  if (file?.reading) return h("section.block", { "aria-busy": "true" }, h("p", { role: "status" }, t("file.reading", { name: file.name })), skeleton(3));
  if (!file?.error) return null;
  const { question, choices } = file.error.problem ?? {};
  const act = (value) => value && askFiles(file.files, { ...file.said, [question]: value });
  return h("section.block.file-look", {}, h("div.block-head", {}, h("h2.clip", {}, file.name)), h("p.field-error", { role: "alert" }, errorText(file.error)),
    choices?.length > 0 && select({ label: t(`file.${question}`), value: "", options: [["", t("file.choose")], ...choices.map((c) => [c.value, choiceOf(c)])], change: act }));
}
