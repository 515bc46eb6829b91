/** What the print page asks the server for: the sheet with the layers, versions and day that the map shows. */
import * as api from "../api.js";
import { collection, versionOf } from "../catalogue.js";
import { sheetParams } from "../lib/print-sheet.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { asOf, planFilter } from "../versions.js";
import { layersShown, stacking } from "./map-image.js";

const PREVIEW_DPI = { A4: 120, A3: 96, A2: 72, A1: 48, A0: 36 };

export const sheetNow = () => state.get("print");
export const change = (patch) => state.set({ print: { ...sheetNow(), ...patch } });
export const chosenFeature = () => state.get("printOf") ?? state.get("selection");
const aboutOne = (sheet) => sheet.extent === "selected" && chosenFeature();

export function shownLayers() {
  const on = layersShown();
  const chosen = aboutOne(sheetNow());
  return chosen && !on.includes(chosen.layer) ? [...on, chosen.layer] : on;
}

const LONGEST = 6000; // characters of a shape in an address
export const drawnShape = () => state.get("drawn");
/** Whether the shape goes by a body: it is too long for an address, or out of a file, which stays out of addresses. */
export const isPosted = () => Boolean(drawnShape()) && (state.get("fromFile") || JSON.stringify(drawnShape()).length > LONGEST);

function shape(sheet) {
  return drawnShape() ? { shape: JSON.stringify(drawnShape()), "shape-name": sheet.shapeName.trim() || null } : {};
}

const quoted = ({ field, value }) => `${field} = '${String(value).replaceAll("'", "''")}'`;

/** The filters of the layers shown. */
export function filtersShown() {
  return Object.entries(state.get("filters")).filter(([id, filter]) => filter && shownLayers().includes(id));
}

function narrowed() {
  const each = Object.fromEntries(filtersShown().map(([id, filter]) => [id, quoted(filter)]));
  return Object.keys(each).length ? { "layer-filter": JSON.stringify(each) } : {};
}

function extent(sheet) {
  const chosen = aboutOne(sheet);
  if (sheet.extent === "drawn" && drawnShape() && !sheet.at) return {};
  if (sheet.at && sheet.scale) return { center: sheet.at.map((n) => n.toFixed(6)).join(","), fit: chosen ? `${chosen.layer}/${chosen.id}` : null };
  if (chosen) return { fit: `${chosen.layer}/${chosen.id}` };
  if (sheet.extent === "view") return { bbox: state.get("view").free.map((n) => n.toFixed(6)).join(",") };
  return { fit: collection("district") ? "district/dist-liwan" : null };
}

/** Several sheets are asked for only with a fixed scale, and not where one frame was placed. */
const several = (sheet) => Boolean(sheet.scale) && sheet.series && !sheet.at;

export function params(f, extra = {}) {
  const sheet = sheetNow();
  const series = several(sheet) ? { series: "true", "overlap-mm": sheet.overlap } : {};
  return {
    collections: shownLayers().join(","), ...extent(sheet), f, ...sheetParams(sheet, { classification: t("print.class.usual") }), lang: state.get("lang"), unit: state.get("unit") === "mu" ? "mu" : "ha",
    filter: planFilter(), ...narrowed(), ...shape(sheet), ...stacking(), ...versions(), ...series, ...extra,
  };
}

const named = () => [...new Set(["district", ...shownLayers()])].filter((id) => collection(id) && versionOf(id));
const told = (pins) => (Object.keys(pins).length ? { version: Object.entries(pins).map(([id, n]) => `${id}:${n}`).join(",") } : {});

/** Every layer with the version it has now. */
export const versionsNow = () => Object.fromEntries(named().map((id) => [id, versionOf(id)]));

/** What is pinned, on the map or on this sheet, stays pinned; the rest follows the newest. */
function versions() {
  if (state.get("asOf")) return asOf();
  const kept = sheetNow().pins;
  const pins = kept ? { ...versionsNow(), ...kept } : {};
  return told(Object.fromEntries(Object.entries({ ...pins, ...state.get("pinned") }).filter(([id]) => named().includes(id))));
}

/** An address that gives the same map for good: every layer with its version. */
export function lastingAddress(f) {
  const pinned = state.get("asOf") ? {} : told({ ...versionsNow(), ...sheetNow().pins });
  return new URL(api.url("map", params(f, { ...pinned, ...oneSheet(f) })), location.origin).href.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");
}

/** The sheet of the series that the preview shows; null: the index. */
let shown = null;
export const sheetShown = () => (several(sheetNow()) ? shown : null);
export const showSheet = (number) => { shown = number; };

const THUMB_DPI = 36;
/** Small pictures of a series, its index first: [{number, source}]; none for one sheet, or where a body has to be sent. */
export function thumbnails(count) {
  if (!several(sheetNow()) || count < 2) return [];
  return [null, ...Array.from({ length: count }, (_, i) => i + 1)]
    .map((number) => ({ number, source: isPosted() ? null : api.url("map", params("png", { dpi: THUMB_DPI, sheet: number })) }));
}

const preview = (times) => params("png", { dpi: Math.round(PREVIEW_DPI[sheetNow().paper] * times), sheet: sheetShown() });
/** A picture is of the sheet that the preview shows, a PDF of all. */
const oneSheet = (f) => (f === "pdf" ? {} : { sheet: sheetShown() });
const file = (f) => params(f, f === "png" ? { ...oneSheet(f), dpi: sheetNow().paper === "A4" || sheetNow().paper === "A3" ? 150 : null } : oneSheet(f));
const place = () => params(null, sheetNow().at ? {} : { "overlap-mm": sheetNow().overlap });

/** A picture's address, of the service or of what it has sent. */
export async function previewSource(times = 1, name = "print-preview") {
  return isPosted() ? URL.createObjectURL(await api.postBlob("map", preview(times), { name })) : api.url("map", preview(times));
}

export const fileSource = (f) => (isPosted() ? api.postBlob("map", file(f)) : api.url("map", file(f)));
export const whereAsked = () => (isPosted() ? api.post("map/sheets", place()) : api.get("map/sheets", place()));
