/** Draw-and-ask: live areas while drawing, then what every layer says about the shape. */
import * as api from "../api.js";
import { collection, isOn } from "../catalogue.js";
import { ask } from "../commands.js";
import { button, byId, fill, h, iconButton, keepFocus } from "../dom.js";
import { fetchFeature, prepare } from "../features.js";
import { errorText, name, t } from "../i18n.js";
import { area, number } from "../lib/format.js";
import { pathLength } from "../lib/geodesy.js";
import { kindOf } from "../lib/kinds.js";
import { closedRing } from "../lib/outline.js";
import { readPasted } from "../lib/pasted.js";
import { sketch } from "../sketch.js";
import { state } from "../state.js";
import { failure, field, segmented, skeleton } from "./controls.js";
import { drawChecks } from "./draw-checks.js";
import { drawActs } from "./draw-acts.js";
import { areas, drawnFigures } from "./draw-figures.js";
import { icon } from "./icons.js";
import { askOverlap, overlapGroups } from "./overlaps-tab.js";
import { askFiles, askText, setDrawn } from "./drop-file.js";
import { fileLook, fileState } from "./file-look.js";
import { byHand } from "./hand.js";
import { openSheet, sheetHandle } from "./sheet.js";
import { useTool } from "./toolbar.js";

const RESHAPED = 61; // points of a ring, the first counted twice
const MODES = ["polygon", "rectangle", "circle", "line", "point"];

const crossed = ({ sides: [a, b] }) => h("p.field-error", { role: "alert" }, icon("warning"), " ", t("draw.crossing", { a, b }));

function live({ points, pointer, ring, crossing }) {
  const measuring = state.get("tool") === "measure";
  const all = ring ?? (pointer ? [...points, pointer] : points);
  const along = measuring || state.get("drawMode") === "line";
  const rows = [h("p.cap", {}, t("draw.vertices", { n: points.length })), crossing && crossed(crossing)];
  if (crossing) return rows;
  if (along && all.length > 1) rows.push(h("p.big-number", {}, number(pathLength(all), 1), h("span", {}, t("unit.m"))));
  if (all.length > 2 && (measuring || !along)) {
    const f = areas(closedRing(all));
    rows.push(h("p.big-number", { class: measuring ? "minor" : "" }, area(f.area_m2, "mu"), h("span", {}, t("unit.mu"))),
      h("p.soft", {}, `${area(f.area_m2, "ha")} ${t("unit.ha")} · ${area(f.area_m2, "m2")} ${t("unit.m2")}`));
  }
  return rows;
}

function sketching() {
  const measuring = state.get("tool") === "measure";
  const readout = h("div.live", { "aria-live": "polite" }, live(sketch.value));
  sketch.addEventListener("change", () => readout.isConnected && fill(readout, live(sketch.value)));
  const mode = state.get("drawMode");
  const ended = ["polygon", "line"].includes(mode); // by a double click, which a finger has not
  const start = measuring ? t("draw.measure.start") : byHand(ended ? `draw.touch.${mode}` : `draw.start.${mode}`, `draw.start.${mode}`);
  return h("div.panel-body.scroll", {},
    h("section.block.sketching", {}, h("p.draw-hint", {}, start), h("p.cap.draw-keys", {}, t("draw.keys")), readout),
    measuring ? null : [fileState(), fileLook(), around(), byCoordinates(), byFile()]);
}

const sketchFoot = () => h("div.panel-foot", {}, button("primary", t("action.finish"), { "data-act": "finish", onclick: () => ask("finish") }, "check"),
  button("secondary", t("action.undo"), { onclick: () => ask("undo") }, "undo"), iconButton("redo", t("action.redo"), { onclick: () => ask("redo") }));

const modes = () => segmented({ label: t("draw.mode"), value: state.get("drawMode"), small: true, options: MODES.map((m) => [m, t(`draw.mode.${m}`)]), change: (drawMode) => state.set({ drawMode }) });

/** All that lies within a distance of the feature chosen last. */
function around() {
  const of = state.get("drawnAround");
  if (!of || !collection(of.layer)) return null;
  const metres = h("input.input", { type: "number", min: "1", max: "50000", step: "any", value: "500" });
  const problem = h("p.field-error", { role: "alert" });
  const label = h("span", {}, t("draw.around", { name: of.id }));
  fetchFeature(of.layer, of.id).then((f) => fill(label, t("draw.around", { name: name({ ...f.properties, id: f.id }) }))).catch(() => {}); // its id will do
  const apply = button("secondary", t("draw.make"), {
    "data-act": "around",
    onclick: async () => {
      problem.textContent = "";
      apply.disabled = true;
      try {
        const { geometry } = await fetchFeature(of.layer, of.id);
        const reach = await api.post(`statistics/reach?distance=${Number(metres.value)}`, { geometry });
        setDrawn(reach.geometry);
      } catch (error) {
        problem.textContent = errorText(error);
        apply.disabled = false;
      }
    },
  });
  return h("section.block", {}, h("div.row.bottom", {}, h("div.grow", {}, field({ label, control: metres })), apply), problem);
}

const AS = { line: "line", point: "point" }; // what typed points make, where that is chosen

function byCoordinates() {
  const text = h("textarea.input.mono", { rows: "4", placeholder: "113.2400,23.1000" });
  const problem = h("p.field-error", { role: "alert" });
  const apply = button("secondary", t("draw.apply"), {
    onclick: () => {
      if (askText(text.value)) return;
      const { geometry, bad, few } = readPasted(text.value, AS[state.get("drawMode")]);
      problem.textContent = few ? t("draw.few", { n: few }) : bad ? t("draw.bad", { n: bad }) : "";
      if (geometry) setDrawn(geometry);
    },
  });
  return h("section.block", {}, field({ label: t("draw.paste"), control: text, help: t("draw.paste.help") }), problem, apply);
}

function byFile() {
  const input = h("input.sr", { type: "file", multiple: true, "aria-label": t("draw.file"), onchange: () => input.files.length && askFiles([...input.files]) });
  return h("section.block", {}, h("label.btn.secondary.file-btn", {}, icon("upload"), h("span", {}, t("draw.file")), input), h("p.cap", {}, t("draw.private")));
}

function results(geometry) {
  const box = h("div.draw-results", { "aria-busy": "true" }, skeleton(6));
  const layers = [...state.get("catalogue").collections.values()].filter((c) => c.feature_count && (isOn(c.id) || c.class_field !== "landuse_code") && c.id !== "district").map((c) => c.id);
  const load = () => askOverlap(geometry, layers).then((body) => {
    const groups = overlapGroups(body);
    box.replaceChildren(...(groups.length ? groups : [h("p.soft.pad", {}, t("draw.nothing"))]));
    box.removeAttribute("aria-busy");
  }).catch((error) => box.replaceChildren(failure(errorText(error), load, t("action.retry"))));
  load();
  return box;
}

function answered(geometry) {
  const table = h("div", {}, drawnFigures(geometry));
  const told = h("div.pad-x", { "aria-live": "polite" });
  sketch.addEventListener("change", () => {
    if (!table.isConnected) return;
    const { points, crossing } = sketch.value;
    fill(told, crossing && crossed(crossing));
    if (points.length > 2 && !crossing) fill(table, drawnFigures(closedRing(points))); // as it is being moved
  });
  const open = !state.get("fromFile") && geometry.type === "Polygon" && geometry.coordinates[0].length <= RESHAPED;
  return h("div.panel-body.scroll", {}, state.get("fromFile") && fileLook(), table, told, open && reshaping(), kindOf(geometry) === "Polygon" && drawChecks(geometry), results(geometry));
}

function reshaping() {
  return h("div.row.pad-x.reshape", {}, h("p.cap.grow", {}, byHand("draw.reshape.touch", "draw.reshape")),
    iconButton("undo", t("action.undo"), { "data-act": "undo", onclick: () => ask("undo") }), iconButton("redo", t("action.redo"), { "data-act": "redo", onclick: () => ask("redo") }));
}

const SHEET_MS = 280;
let opened = true; // the page has only just come
let answeredBefore = false;
let toldBefore = null;

/** Whether a file waits for a word, or cannot be read: its reason must be in sight. */
const asks = (file) => Boolean(file && (file.error || file.answer));

export function drawPanel(panel) {
  const drawn = state.get("drawn");
  const measuring = state.get("tool") === "measure";
  if (drawn && !answeredBefore) {
    openSheet(panel, "half");
    const way = opened && !state.get("startView") ? "fit" : "reveal"; // a link that says a shape and no view is about the shape
    setTimeout(() => state.get("drawn") && ask(way, prepare({ geometry: drawn }).box), SHEET_MS); // once the sheet stands
  }
  else if (!drawn && asks(state.get("file")) && !asks(toldBefore)) openSheet(panel, "half");
  opened = false;
  answeredBefore = Boolean(drawn);
  toldBefore = state.get("file");
  keepFocus(panel, () => fill(panel, sheetHandle(),
    h("div.panel-head", {}, h("h2.grow", { id: "inspect-title", tabindex: "-1" }, t(measuring ? "draw.measure" : "draw.title")), drawn || measuring ? null : modes(),
      iconButton("close", t("inspect.close"), { onclick: () => useTool("select") })),
    drawn ? answered(drawn) : sketching(),
    !drawn ? sketchFoot() : drawActs(drawn, () => state.set({ drawn: null, file: null }))), () => byId("inspect-title"));
}
