/** The print composer: settings, the true page, what to check before printing. */
import { get as fetched, url } from "../api.js";
import { collection } from "../catalogue.js";
import { button, fill, h, save } from "../dom.js";
import { knownFeature, loadFeatures } from "../features.js";
import { name, t } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { asOf, planFilter } from "../versions.js";
import { field, segmented, select, toggle } from "./controls.js";
import { icon } from "./icons.js";
import { layerEvidence } from "./legend.js";
import { layersShown, stacking } from "./map-image.js";
import { layerTitle } from "./layer-panel.js";

const PAPERS = { A4: [297, 210], A3: [420, 297], A2: [594, 420], A1: [841, 594], A0: [1189, 841] };
const SCALES = [2000, 5000, 8000, 10000, 20000, 25000, 50000];
const PREVIEW_DPI = { A4: 120, A3: 96, A2: 72, A1: 48, A0: 36 };
const sheet = { title: "", paper: "A3", portrait: false, scale: "", extent: "all", legend: true, graticule: true, labels: true, standard: false, series: false, overlap: "10", classification: "内部资料", approval: "" };

const selected = () => state.get("printOf") ?? state.get("selection");

function extent() {
  const chosen = selected();
  if (sheet.extent === "selected" && chosen) return { fit: `${chosen.layer}/${chosen.id}` };
  if (sheet.extent === "all") return { fit: "district/dist-liwan" };
  return { bbox: state.get("view").free.map((n) => n.toFixed(6)).join(",") };
}

function shownLayers() {
  const on = layersShown();
  const chosen = selected();
  return sheet.extent === "selected" && chosen && !on.includes(chosen.layer) ? [...on, chosen.layer] : on;
}

function params(f, extra = {}) {
  return {
    collections: shownLayers().join(","), ...extent(), f, paper: `${sheet.paper}${sheet.portrait ? "-portrait" : ""}`, scale: sheet.scale || null, title: sheet.title || null,
    legend: String(sheet.legend), graticule: String(sheet.graticule), labels: String(sheet.labels), colours: sheet.standard ? "standard" : null,
    classification: sheet.classification || null, approval: sheet.approval || null, lang: state.get("lang"), unit: state.get("unit") === "mu" ? "mu" : "ha", filter: planFilter(), ...stacking(), ...asOf(), ...inSeries(), ...extra,
  };
}

/** Whether the map is to be several sheets: only a fixed scale can be too large. */
const several = () => Boolean(sheet.scale) && sheet.series;
const inSeries = () => (several() ? { series: "true", "overlap-mm": sheet.overlap } : {});

export function printPage(host) {
  const chosen = selected();
  if (state.get("printOf")) sheet.extent = "selected";
  if (sheet.extent === "selected" && !chosen) sheet.extent = "all";
  if (chosen && !sheet.title) sheet.title = name({ ...(knownFeature(chosen.layer, chosen.id)?.properties ?? {}), id: chosen.id });
  const preview = h("img.sheet-image", { alt: t("print.preview") });
  const caption = h("p.cap.sheet-caption");
  const checks = h("div.print-checks");
  const problem = h("p.inline-error", { hidden: true }, icon("warning"), t("print.failed"));
  preview.addEventListener("load", () => { preview.removeAttribute("aria-busy"); problem.hidden = true; });
  preview.addEventListener("error", () => { preview.removeAttribute("aria-busy"); problem.hidden = false; });
  const sheets = seriesOffer(() => update());
  let timer = null;
  const update = () => {
    fill(checks, checklist());
    const [w, h2] = sheet.portrait ? [...PAPERS[sheet.paper]].reverse() : PAPERS[sheet.paper];
    caption.textContent = t("print.sheet", { paper: t(sheet.portrait ? "print.portrait" : "print.landscape", { p: sheet.paper }), w, h: h2 });
    preview.style.setProperty("aspect-ratio", `${w} / ${h2}`);
    preview.classList.toggle("is-portrait", sheet.portrait);
    preview.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    timer = setTimeout(() => {
      sheets.ask();
      preview.src = url("map", params("png", { dpi: PREVIEW_DPI[sheet.paper] }));
    }, 250);
  };
  fill(host, h("div.print-page", {}, settings(update, chosen, sheets.node), h("div.print-stage", {}, caption, preview, problem), h("aside.print-side.scroll", {}, checks)));
  update();
  const stop = state.on("loading", () => fill(checks, checklist()));
  layersShown().forEach((id) => loadFeatures(id).catch(() => {}));
  return () => {
    stop();  clearTimeout(timer); state.set({ printOf: null }); };
}

function settings(update, chosen, offer) {
  const set = (key, map = (v) => v) => (v) => { sheet[key] = map(v); update(); };
  const typed = (key, props = {}) => {
    const input = h("input.input", { type: "text", value: sheet[key], ...props });
    input.addEventListener("input", () => { sheet[key] = input.value; update(); });
    return input;
  };
  const extents = [...(chosen ? [["selected", t("print.extent.selected")]] : []), ["view", t("print.extent.view")], ["all", t("print.extent.all")]];
  const papers = Object.keys(PAPERS).flatMap((p) => [[p, t("print.landscape", { p })], [`${p}-p`, t("print.portrait", { p })]]);
  const get = (f) => save(url("map", params(f, f === "png" ? { dpi: 150 } : {})), `liwan-map.${f}`);
  return h("aside.print-settings", {}, h("div.panel-head.tall", {}, h("div", {}, h("h1", {}, t("print.title")), h("p.cap", {}, t("print.say")))),
    h("div.panel-body.scroll.form-body", {},
      field({ label: t("print.name"), control: typed("title", { maxlength: "120" }) }),
      h("div.pair", {}, select({ label: t("print.paper"), value: `${sheet.paper}${sheet.portrait ? "-p" : ""}`, options: papers, change: (v) => { [sheet.paper] = v.split("-"); sheet.portrait = v.endsWith("-p"); update(); } }),
        select({ label: t("print.scale"), value: String(sheet.scale), options: [["", t("print.scale.fit")], ...SCALES.map((s) => [String(s), `1 : ${number(s)}`])], change: set("scale") })),
      offer,
      h("div.field", {}, h("span.cap", {}, t("print.extent")), segmented({ label: t("print.extent"), value: sheet.extent, options: extents, change: set("extent") })),
      h("hr.rule"),
      toggle({ label: t("print.legend"), checked: sheet.legend, change: set("legend") }),
      toggle({ label: t("print.grid"), checked: sheet.graticule, change: set("graticule") }),
      toggle({ label: t("print.labels"), checked: sheet.labels, change: set("labels") }),
      toggle({ label: t("print.standard"), help: t("print.standard.help"), checked: sheet.standard, change: set("standard") }),
      h("hr.rule"),
      h("div.pair", {}, field({ label: t("print.class"), control: typed("classification", { maxlength: "20" }) }), field({ label: t("print.approval"), control: typed("approval", { maxlength: "60", placeholder: t("print.approval.help") }) }))),
    h("div.panel-foot", {}, button("primary", t("print.pdf"), { onclick: () => get("pdf"), class: "grow" }, "download"), button("secondary", "PNG", { onclick: () => get("png") }), button("secondary", "SVG", { onclick: () => get("svg") })));
}

/** Asks how many sheets the extent takes, and offers them if one is too small. */
function seriesOffer(update) {
  const node = h("div.print-series", { hidden: true });
  let asked = 0;
  const show = (count) => {
    node.hidden = count < 2;
    if (count < 2) sheet.series = false;
    else fill(node, h("p.cap", { role: "status" }, t("print.series.need", { n: count })),
      toggle({ label: t("print.series"), help: t("print.series.help"), checked: sheet.series, change: (v) => { sheet.series = v; update(); } }),
      sheet.series && select({ label: t("print.overlap"), value: sheet.overlap, options: ["0", "5", "10", "20"].map((mm) => [mm, t("print.mm", { n: mm })]), change: (v) => { sheet.overlap = v; update(); } }));
  };
  const ask = async () => {
    const turn = ++asked;
    if (!sheet.scale) return show(0);
    const told = await fetched("map/sheets", { ...params(null), "overlap-mm": sheet.overlap }).catch((error) => ({ error }));
    if (turn !== asked) return undefined;
    if (!told.error) return show(told.count);
    sheet.series = false;
    node.hidden = false;
    return fill(node, h("p.cap", {}, icon("warning"), told.error.text?.(state.get("lang")) ?? told.error.message));
  };
  return { node, ask };
}

function check(good, text, note) {
  return h("li.check-row", { class: good ? "is-good" : "is-open" }, icon(good ? "check" : "warning"), h("div", {}, h("p", {}, text), note && h("p.cap", {}, note)));
}

function checklist() {
  const layers = shownLayers();
  const guess = layers.some((id) => layerEvidence(id));
  return [
    h("h2", {}, t("print.checks")),
    h("ul", {}, check(Boolean(sheet.title), t(sheet.title ? "print.check.title" : "print.check.notitle")),
      check(layers.length > 0, layers.length ? t("print.check.layers", { n: layers.length }) : t("print.check.nolayers")),
      check(true, t("print.check.version"), layers.filter(collection).slice(0, 4).map((id) => `${layerTitle(id)} ${t("version.n", { n: collection(id).version })}`).join("，")),
      check(!guess, t(guess ? "print.check.indicative" : "print.check.noindicative"), guess && t("print.check.indicative.say")),
      check(Boolean(sheet.approval), sheet.approval ? sheet.approval : t("print.review"), t("print.internal"))),
    h("h2", {}, t("print.layers")), h("ul.print-layers", {}, layers.map((id) => h("li", {}, layerTitle(id)))),
  ];
}
