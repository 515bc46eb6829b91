/** What the file turned out to be: encoding, coordinate system and why, fields, extent. */
import { collection } from "../catalogue.js";
import { button, h } from "../dom.js";
import { joined, lang, t, title } from "../i18n.js";
import { bytes, number, percent } from "../lib/format.js";
import { select, uid } from "./controls.js";
import { formatName } from "./file-look.js";
import { icon } from "./icons.js";

const SHOWN_FIELDS = 12;

function radioRow({ name, value, checked, label, end, change }) {
  const input = h("input.radio", { type: "radio", name, value, onchange: () => change(value) });
  input.checked = checked;
  return h("label.radio-row", { class: checked ? "is-on" : "" }, input, h("span.grow.clip", {}, label), end);
}

function encoding(d, again) {
  const previews = Object.entries(d.encoding_previews ?? {});
  if (!d.encoding || d.format === "geojson") return null;
  const name = uid("encoding");
  return h("section.block", { "data-block": "encoding" }, h("div.block-head", {}, h("h3", {}, t("upload.encoding")), h("span.chip.ok", {}, icon("check"), d.encoding)),
    previews.length > 1 && h("div.radio-box", {}, previews.map(([key, words]) => radioRow({
      name, value: key, checked: key.toLowerCase() === d.encoding.toLowerCase(), label: h("span", {}, h("span.cap", {}, `${key.toUpperCase()}  `), joined(words.slice(0, 4))),
      change: (v) => again({ encoding: v }),
    }))));
}

/** A file that holds several layers: which of them is meant. */
function sourceLayer(upload, again) {
  const { layers = [], together = [], source_layer: read } = upload.diagnosis ?? {};
  if (layers.length < 2) return null;
  const chosen = read ?? upload.options?.source_layer;
  const name = uid("source-layer");
  return h("section.block", { "data-block": "source-layer" }, h("div.block-head", {}, h("h3", {}, t("upload.fileLayer")), chosen ? null : h("span.chip.bad", {}, "?")),
    h("div.radio-box", { role: "radiogroup", "aria-label": t("upload.fileLayer") }, [...together.map((kind) => [kind.value, t("upload.together", { n: kind.count, format: formatName(kind.format) })]), ...layers.map((layer) => [layer, layer])]
      .map(([value, label]) => radioRow({ name, value, checked: value === chosen, label, change: (v) => again({ source_layer: v }) }))));
}

/** Which row of a spreadsheet names its columns. */
function heading({ diagnosis: d }, again) {
  if (!d.first_rows || d.first_rows.length < 2) return null;
  const options = [...d.first_rows.map(({ row, text }) => [String(row), t("upload.headingRow.at", { row, text })]), ["0", t("upload.headingRow.none")]];
  if (!options.some(([row]) => row === String(d.heading_row))) options.unshift([String(d.heading_row), String(d.heading_row)]);
  return h("section.block", { "data-block": "heading" }, h("h3", {}, t("upload.headingRow")),
    select({ label: t("upload.headingRow"), hidden: true, value: String(d.heading_row), options, change: (row) => again({ heading_row: row }) }));
}

/** What stands against a reading until a person has confirmed it. */
const DOUBTS = /^(suspected_|swapped_axes|crs_contradicted|missing_zone_prefix|ambiguous_crs|packed_degrees|mixed_zones|zone_differs|legacy_datum)/;
const USUAL = ["EPSG:4547", "EPSG:4526", "EPSG:4490", "EPSG:4326", "EPSG:3857"];
const CODE = /^(EPSG|OGC):/;

/** Who says so: the reader of a file, the file, or a guess. */
function whence({ crs: code }, source, swapped) {
  if (!code) return h("span.chip.bad", {}, "?");
  const sure = source !== "inferred";
  return h("span.chip", { class: sure ? "ok" : "ind" }, icon(sure ? "check" : "info"), `${code}${swapped ? " ⇄" : ""} · ${t(`upload.crs.${source}`)}`);
}

/** Coordinates in another unit: converted when somebody confirms it, and taken back again. */
function conversion({ diagnosis: d }, again) {
  const { conversion: done, conversion_offered: offered } = d;
  const told = done ?? offered;
  if (!told) return null;
  const unit = lang() === "zh" ? told.unit_zh : told.unit;
  return h("div.proposals", { "data-block": "conversion" },
    h("p.cap", {}, done ? t("upload.converted", { unit, rule: done.rule, before: done.before, after: done.after }) : t("upload.convert.ask", { unit, rule: told.rule })),
    button("secondary", done ? t("upload.convert.undo") : t("upload.convert", { unit }), { "data-act": "convert", onclick: () => again({ convert: done ? null : told.convert }) }));
}

/** Another one than those that were weighed. */
function otherCrs(weighed, again) {
  const options = USUAL.filter((code) => !weighed.includes(code)).map((code) => [code, code]);
  return select({ label: t("upload.crs.other"), hidden: true, value: "", options: [["", t("upload.crs.other")], ...options], change: (v) => v && again({ crs: v }) });
}

function crs(upload, again) {
  const d = upload.diagnosis;
  const evidence = d.crs_evidence ?? {};
  const guesses = (evidence.hypotheses ?? []).slice(0, 5);
  const taken = guesses.find((g) => g.crs === d.crs && g.swapped === evidence.swapped);
  const doubted = evidence.source === "inferred" || Object.keys(upload.codes ?? {}).some((code) => DOUBTS.test(code));
  const name = uid("crs");
  return h("section.block", { "data-block": "crs" }, h("div.block-head", {}, h("h3", {}, t("upload.crs")), whence(d, evidence.source, evidence.swapped)),
    conversion(upload, again),
    guesses.length > 0 && h("p.cap.crs-head", {}, t("upload.insideShare")),
    h("div", { role: "radiogroup", "aria-label": t("upload.crs") }, guesses.map((g) => {
      const bar = h("span.share-bar.guess", { "aria-hidden": "true" });
      bar.style.setProperty("--part", `${g.inside * 100}%`);
      const label = h("span", { title: (lang() === "zh" && g.name_zh) || g.name }, g.crs ?? g.id, g.swapped ? " ⇄" : "");
      const end = h("span.row", {}, bar, h("span.num.guess-share", {}, percent(g.inside, 0)));
      return g.crs ? radioRow({ name, value: g.id, checked: g === taken, label, end, change: (v) => again({ crs: CODE.test(v) ? v : null }) })
        : h("div.radio-row.is-info", {}, icon("info"), h("span.grow", {}, label), end);
    })),
    h("p.cap", {}, (lang() === "zh" ? evidence.text_zh : evidence.text) ?? ""),
    d.feature_count > 0 && h("div.row.wrap", {},
      taken && doubted && evidence.source !== "requested" && CODE.test(taken.id) && button("secondary", t("upload.crs.confirm", { crs: taken.id.replace(":yx", " ⇄") }), { "data-act": "confirm-crs", onclick: () => again({ crs: taken.id }) }),
      otherCrs(guesses.map((g) => g.id), again)));
}

function fieldRow(f, layer, d, again) {
  const known = layer.fields.map((x) => [x.name, title(x)]);
  const kept = f.maps_to && !known.some(([name]) => name === f.maps_to) ? [[f.maps_to, f.maps_to === "id" ? t("upload.id") : f.maps_to]] : [];
  const options = [["", t("upload.unmapped")], ...kept, ...known];
  const change = (target) => {
    const mapping = Object.fromEntries(Object.entries(d.mapping ?? {}).filter(([, column]) => column !== f.name));
    if (target) mapping[target] = f.name;
    again({ mapping });
  };
  return h("li.map-row", {}, h("span.clip", { title: joined(f.samples ?? []) }, f.name, h("span.cap.clip", {}, joined((f.samples ?? []).slice(0, 2)))), icon("chevron"),
    select({ label: f.name, hidden: true, value: f.maps_to ?? "", options, change }));
}

/** Columns that look like a field of the layer: taken only when somebody agrees. */
function proposals({ diagnosis: d }, layer, again) {
  if (!d.proposals?.length) return null;
  const take = (some) => again({ mapping: { ...d.mapping, ...Object.fromEntries(some.map((p) => [p.field, p.column])) } });
  const name = (p) => title(layer.fields.find((f) => f.name === p.field) ?? { id: p.field });
  return h("div.proposals", { "data-block": "proposals" }, h("p.cap", {}, t("upload.proposed")),
    h("ul", {}, d.proposals.map((p) => h("li.proposal", {}, h("div.grow", {}, h("strong", {}, `${p.column} → ${name(p)}`), h("p.cap", {}, lang() === "zh" ? p.why_zh : p.why)),
      button("secondary small", t("upload.take"), { "aria-label": t("upload.takeOne", { column: p.column, field: name(p) }), onclick: () => take([p]) })))),
    d.proposals.length > 1 && button("secondary", t("upload.takeAll", { n: d.proposals.length }), { onclick: () => take(d.proposals) }));
}

function fields(upload, again) {
  const { diagnosis: d } = upload;
  const layer = collection(upload.layer);
  if (!d.fields?.length || !layer) return null;
  const shown = d.fields.slice(0, SHOWN_FIELDS);
  return h("section.block", { "data-block": "mapping" }, h("div.block-head", {}, h("h3", {}, t("upload.fields")), h("span.cap", {}, number(d.fields.length))),
    proposals(upload, layer, again),
    h("ul", {}, shown.map((f) => fieldRow(f, layer, d, again))),
    d.fields.length > shown.length && h("p.cap", {}, t("upload.more", { n: d.fields.length - shown.length })));
}

const SUMMARY = ["adds", "changes", "removes", "unchanged"];

function summary({ summary: s = {} }) {
  return h("section.block", {}, h("h3", {}, t("upload.summary")), h("div.counts", {}, SUMMARY.map((key) => h("div", {}, h("strong", {}, number(s[key] ?? 0)), h("span.cap", {}, t(`upload.${key}`))))));
}

export function diagnosisPanel(upload, again) {
  const d = upload.diagnosis ?? {};
  const facts = [d.format && formatName(d.format), d.feature_count !== undefined && t("upload.count", { n: number(d.feature_count) }), upload.size_bytes && bytes(upload.size_bytes)];
  return [
    h("div.panel-head.tall", {}, h("div.grow", {}, h("p.cap", {}, t("upload.diagnosis")), h("h2.clip", { title: upload.filename }, upload.filename), h("p.cap", {}, facts.filter(Boolean).join(" · "), ` · ${title(collection(upload.layer) ?? { id: upload.layer })}`))),
    h("div.panel-body.scroll", {}, d.format ? [sourceLayer(upload, again), encoding(d, again), heading(upload, again), d.crs_evidence || d.crs ? crs(upload, again) : null, upload.status === "submitted" || d.feature_count ? summary(upload) : null, fields(upload, again)] : null),
  ];
}
