/** What the print page asks the server for: the sheet with the layers, versions and day that the map shows. */
import { url } from "../api.js";
import { collection, versionOf } from "../catalogue.js";
import { sheetParams } from "../lib/print-sheet.js";
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

function extent(sheet) {
  const chosen = aboutOne(sheet);
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
    collections: shownLayers().join(","), ...extent(sheet), f, ...sheetParams(sheet), lang: state.get("lang"), unit: state.get("unit") === "mu" ? "mu" : "ha",
    filter: planFilter(), ...stacking(), ...versions(), ...series, ...extra,
  };
}

/** What is pinned stays pinned; the rest follows the newest. */
function versions() {
  const pins = Object.entries(state.get("pinned")).filter(([id]) => shownLayers().includes(id));
  return pins.length && !state.get("asOf") ? { version: pins.map(([id, n]) => `${id}:${n}`).join(",") } : asOf();
}

/** An address that gives the same map for good: every layer with its version. */
export function lastingAddress(f) {
  const named = [...new Set(["district", ...shownLayers()])].filter((id) => collection(id) && versionOf(id));
  const pinned = state.get("asOf") ? {} : { version: named.map((id) => `${id}:${versionOf(id)}`).join(",") };
  return new URL(url("map", params(f, pinned)), location.origin).href.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");
}

export const previewAddress = () => url("map", params("png", { dpi: PREVIEW_DPI[sheetNow().paper] }));
export const fileAddress = (f) => url("map", params(f, f === "png" ? { dpi: sheetNow().paper === "A4" || sheetNow().paper === "A3" ? 150 : null } : {}));
export const whereAsked = () => params(null, sheetNow().at ? {} : { "overlap-mm": sheetNow().overlap });
