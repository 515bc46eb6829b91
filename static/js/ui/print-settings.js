/** The settings of the sheet, and the offer of several sheets. */
import { button, fill, h, save } from "../dom.js";
import { errorText, t } from "../i18n.js";
import { number } from "../lib/format.js";
import { PAPERS, SCALES, readScale, turned } from "../lib/print-sheet.js";
import { field, segmented, select, toggle } from "./controls.js";
import { icon } from "./icons.js";
import { change, chosenFeature, drawnShape, fileSource, sheetNow } from "./print-request.js";

/** A text that is taken while it is typed. */
function typed(key, props = {}) {
  const input = h("input.input", { type: "text", value: sheetNow()[key], ...props });
  input.addEventListener("input", () => change({ [key]: input.value }));
  return input;
}

/** A number that is taken when it is whole: on Enter, or when it is left. */
function number_(name, shown, take, props = {}) {
  const input = h("input.input", { type: "text", inputmode: "numeric", name, value: shown(), autocomplete: "off", ...props });
  input.addEventListener("change", () => { take(input.value); input.value = shown(); });
  return input;
}

const showScale = () => (sheetNow().scale ? `1:${number(sheetNow().scale)}` : "");
const showTurn = () => String(sheetNow().rotation);

function scaleField() {
  const list = h("datalist", { id: "print-scales" }, SCALES.map((s) => h("option", { value: `1:${number(s)}` })));
  const take = (text) => { const scale = text.trim() ? readScale(text) ?? sheetNow().scale : null; change({ scale, ...(scale ? {} : { at: null, series: false }) }); };
  const control = number_("scale", showScale, take, { list: "print-scales", placeholder: t("print.scale.fit") });
  return h("div.stack-s", {}, field({ label: t("print.scale"), control }), list);
}

const rotationField = () => field({ label: t("print.rotation"), control: number_("rotation", showTurn, (text) => {
  const degrees = Number(text.replace(/[°\s]/g, "").replace("−", "-"));
  if (Number.isFinite(degrees)) change({ rotation: turned(degrees) });
}) });

/** Shows what the frame on the map was dragged to, and the name of a feature that came late. */
function refresh(node) {
  const set = (name, value) => { const el = node.querySelector(`input[name="${name}"]`); if (el && el !== document.activeElement) el.value = value; };
  set("title", sheetNow().title);
  set("scale", showScale());
  set("rotation", showTurn());
  node.querySelectorAll('.print-extent input[type="radio"]').forEach((el) => { el.checked = el.value === sheetNow().extent; });
}

export function settings(offer, layers) {
  const sheet = sheetNow();
  const chosen = chosenFeature();
  const flag = (key, extra = {}) => toggle({ label: t(`print.${key === "graticule" ? "grid" : key}`), checked: sheet[key], change: (v) => change({ [key]: v }), ...extra });
  const extents = [...(drawnShape() ? [["drawn", t("print.extent.drawn")]] : []), ...(chosen ? [["selected", t("print.extent.selected")]] : []), ["view", t("print.extent.view")], ["all", t("print.extent.all")], ["frame", t("print.extent.frame")]];
  const papers = Object.keys(PAPERS).flatMap((p) => [[p, t("print.landscape", { p })], [`${p}-p`, t("print.portrait", { p })]]);
  const problem = h("p.field-error", { role: "alert" });
  const get = async (f) => {
    fill(problem);
    const source = await Promise.resolve(fileSource(f)).catch((error) => fill(problem, errorText(error)) && null);
    if (source) save(source, `liwan-map.${f}`);
  };
  const node = h("aside.print-settings", { "data-covers": "left" }, h("div.panel-head.tall", {}, h("div", {}, h("h1", {}, t("print.title")), h("p.cap", {}, t("print.say")))),
    h("div.panel-body.scroll.form-body", {},
      field({ label: t("print.name"), control: typed("title", { name: "title", maxlength: "120" }) }),
      field({ label: t("print.subtitle"), control: typed("subtitle", { maxlength: "200" }) }),
      select({ label: t("print.paper"), value: `${sheet.paper}${sheet.portrait ? "-p" : ""}`, options: papers, change: (v) => change({ paper: v.split("-")[0], portrait: v.endsWith("-p") }) }),
      h("div.pair", {}, scaleField(), rotationField()),
      offer,
      h("div.field.print-extent", {}, h("span.cap", {}, t("print.extent")), segmented({ label: t("print.extent"), value: sheet.extent, options: extents, change: (v) => change(v === "frame" ? { extent: v, place: true } : { extent: v, at: null }) })),
      h("hr.rule"), layers, h("hr.rule"),
      flag("legend"), flag("graticule"), flag("labels"), flag("standard", { help: t("print.standard.help") }), flag("patterns", { help: t("print.patterns.help") }),
      h("hr.rule"),
      h("div.pair", {}, field({ label: t("print.class"), control: typed("classification", { maxlength: "20", value: sheet.classification ?? t("print.class.usual") }) }), field({ label: t("print.approval"), control: typed("approval", { maxlength: "60", placeholder: t("print.approval.help") }) }))),
    h("div.panel-foot.stacked", {}, problem, h("div.row", {}, button("primary", t("print.pdf"), { onclick: () => get("pdf"), class: "grow" }, "download"), button("secondary", "PNG", { onclick: () => get("png") }), button("secondary", "SVG", { onclick: () => get("svg") }))));
  return { node, refresh: () => refresh(node) };
}

/** Offers several sheets where the extent does not fit on one. */
export function seriesOffer() {
  const node = h("div.print-series", { hidden: true });
  const show = (count) => {
    const sheet = sheetNow();
    node.hidden = count < 2;
    if (count < 2) return;
    fill(node, h("p.cap", { role: "status" }, t("print.series.need", { n: count })),
      toggle({ label: t("print.series"), help: t("print.series.help"), checked: sheet.series, change: (series) => change({ series }) }),
      sheet.series && select({ label: t("print.overlap"), value: sheet.overlap, options: ["0", "5", "10", "20"].map((mm) => [mm, t("print.mm", { n: mm })]), change: (overlap) => change({ overlap }) }));
  };
  const refuse = (text) => {
    node.hidden = false;
    fill(node, h("p.cap", { role: "status" }, icon("warning"), text));
  };
  return { node, show, refuse };
}
