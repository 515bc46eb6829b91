/** What a drawn shape measures: an area, a length, or where it is. */
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { ellipsoidArea, pathLength, planeArea, planeLength, toPlane } from "../lib/geodesy.js";
import { kindOf, partsOf } from "../lib/kinds.js";
import { closedRing } from "../lib/outline.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { areaTable, lengthTable } from "./area-table.js";

export const areas = (geometry) => ({ area_m2: ellipsoidArea(geometry), area_plane_m2: planeArea(geometry) });

const sum = (lines, length) => lines.reduce((all, line) => all + length(line), 0);

export function lengths(geometry) {
  const lines = partsOf(geometry, "LineString");
  return { length_m: sum(lines, pathLength), length_plane_m: sum(lines, planeLength) };
}

/** Measured with the tool, three points or more tell an area as well. */
function ofLine(geometry) {
  const ring = state.get("tool") === "measure" && geometry.coordinates.length > 2 && closedRing(geometry.coordinates);
  return [lengthTable(lengths(geometry)), ring && areaTable(areas(ring))];
}

function ofPoint(geometry) {
  const places = partsOf(geometry, "Point");
  const row = (label, value) => h("tr", {}, h("th", { scope: "row" }, label), h("td.num.mono", {}, value));
  const [lon, lat] = places[0];
  const [east, north] = toPlane(places[0]);
  return h("section.block", {}, h("div.block-head", {}, h("h2", {}, t("draw.place")), h("span.grow"), places.length > 1 && h("span.cap", {}, t("draw.place.points", { n: number(places.length) }))),
    places.length === 1 && h("table.area-table", {}, h("tbody", {},
      row(t("draw.place.degrees"), `${lon.toFixed(7)}, ${lat.toFixed(7)}`), row("EPSG:4547 N, E", `${north.toFixed(3)}, ${east.toFixed(3)}`))));
}

const TOLD = { Polygon: (geometry) => areaTable(areas(geometry)), LineString: ofLine, Point: ofPoint };
export const drawnFigures = (geometry) => TOLD[kindOf(geometry)](geometry);
