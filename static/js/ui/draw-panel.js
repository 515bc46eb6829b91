/** Draw-and-ask: live areas while drawing, then what every layer says about the shape. */
import { isOn } from "../catalogue.js";
import { ask } from "../commands.js";
import { button, fill, h, iconButton, save } from "../dom.js";
import { errorText, t } from "../i18n.js";
import { area, number } from "../lib/format.js";
import { ellipsoidArea, pathLength, planeArea } from "../lib/geodesy.js";
import { readPasted } from "../lib/pasted.js";
import { sketch } from "../sketch.js";
import { state } from "../state.js";
import { areaTable } from "./area-table.js";
import { failure, field, skeleton } from "./controls.js";
import { askOverlap, overlapGroups } from "./overlaps-tab.js";
import { askFile, setDrawn } from "./drop-file.js";
import { fileLook, fileState } from "./file-look.js";
import { sheetHandle } from "./sheet.js";
import { useTool } from "./toolbar.js";

const ringOf = (points) => ({ type: "Polygon", coordinates: [[...points, points[0]]] });
export const figures = (geometry) => ({ area_m2: ellipsoidArea(geometry), area_plane_m2: planeArea(geometry) });

function live({ points, pointer }) {
  const measuring = state.get("tool") === "measure";
  const all = pointer ? [...points, pointer] : points;
  const rows = [h("p.cap", {}, t("draw.vertices", { n: points.length }))];
  if (measuring && all.length > 1) rows.push(h("p.big-number", {}, number(pathLength(all), 1), h("span", {}, t("unit.m"))));
  if (all.length > 2) {
    const f = figures(ringOf(all));
    rows.push(h("p.big-number", { class: measuring ? "minor" : "" }, area(f.area_m2, "mu"), h("span", {}, t("unit.mu"))),
      h("p.soft", {}, `${area(f.area_m2, "ha")} ${t("unit.ha")} · ${area(f.area_m2, "m2")} ${t("unit.m2")}`));
  }
  return rows;
}

function sketching() {
  const measuring = state.get("tool") === "measure";
  const readout = h("div.live", { "aria-live": "polite" }, live(sketch.value));
  sketch.addEventListener("change", () => readout.isConnected && fill(readout, live(sketch.value)));
  return h("div.panel-body.scroll", {},
    h("section.block", {}, h("p", {}, t(measuring ? "draw.measure.start" : "draw.start")), h("p.cap", {}, t("draw.keys")), readout,
      h("div.row", {}, button("primary", t("action.finish"), { onclick: () => ask("finish") }, "check"), button("secondary", t("action.undo"), { onclick: () => ask("undo") }, "undo"), button("quiet", t("action.redo"), { onclick: () => ask("redo") }))),
    measuring ? null : [fileState(), fileLook(), byFile(), byCoordinates()]);
}

function byCoordinates() {
  const text = h("textarea.input.mono", { rows: "4", placeholder: "113.2400,23.1000" });
  const problem = h("p.field-error", { role: "alert" });
  const apply = button("secondary", t("draw.apply"), {
    onclick: () => {
      const { geometry, bad } = readPasted(text.value);
      problem.textContent = bad ? t("draw.bad", { n: bad }) : "";
      if (geometry) setDrawn(geometry);
    },
  });
  return h("section.block", {}, field({ label: t("draw.paste"), control: text, help: t("draw.paste.help") }), problem, apply);
}

function byFile() {
  const input = h("input.input.file", { type: "file", onchange: () => input.files[0] && askFile(input.files[0]) });
  return h("section.block", {}, field({ label: t("draw.file"), control: input, help: t("draw.private") }));
}

function results(geometry) {
  const box = h("div", { "aria-busy": "true" }, skeleton(6));
  const layers = [...state.get("catalogue").collections.values()].filter((c) => c.feature_count && (isOn(c.id) || c.id !== "parcels") && c.id !== "district").map((c) => c.id);
  const load = () => askOverlap(geometry, layers).then((body) => {
    const groups = overlapGroups(body);
    box.replaceChildren(...(groups.length ? groups : [h("p.soft.pad", {}, t("draw.nothing"))]));
    box.removeAttribute("aria-busy");
  }).catch((error) => box.replaceChildren(failure(errorText(error), load, t("action.retry"))));
  load();
  return box;
}

function answered(geometry) {
  if (geometry.type === "LineString") {
    const ring = geometry.coordinates.length > 2 ? ringOf(geometry.coordinates) : null;
    return h("div.panel-body.scroll", {}, h("section.block", {}, h("div.block-head", {}, h("h3", {}, t("length.title"))),
      h("p.big-number", {}, number(pathLength(geometry.coordinates), 1), h("span", {}, t("unit.m")))), ring && areaTable(figures(ring)));
  }
  return h("div.panel-body.scroll", {}, state.get("fromFile") && fileLook(), areaTable(figures(geometry)), results(geometry));
}

const asFile = (geometry) => new Blob([JSON.stringify({ type: "Feature", properties: figures(geometry), geometry })], { type: "application/geo+json" });

export function drawPanel(panel) {
  const drawn = state.get("drawn");
  fill(panel, sheetHandle(),
    h("div.panel-head", {}, h("h2.grow", { id: "inspect-title" }, t(state.get("tool") === "measure" ? "draw.measure" : "draw.title")),
      iconButton("close", t("inspect.close"), { onclick: () => useTool("select") })),
    drawn ? answered(drawn) : sketching(),
    drawn && h("div.panel-foot", {}, button("primary", t("draw.again"), { onclick: () => state.set({ drawn: null, file: null }) }, "polygon"),
      button("secondary", t("action.download"), { onclick: () => save(asFile(drawn), "shape.geojson") }, "download")));
}
