/** What the print page has been told: the sheet, in the address and as the server's parameters. */
export const PAPERS = { A4: [297, 210], A3: [420, 297], A2: [594, 420], A1: [841, 594], A0: [1189, 841] };
export const SCALES = [500, 1000, 2000, 2500, 5000, 8000, 10000, 20000, 25000, 40000, 50000];
export const LEAST_SCALE = 100;
export const MOST_SCALE = 1_000_000;
export const PRINT_KEYS = ["paper", "scale", "rot", "at", "ext", "title", "sub", "cls", "rev", "off", "std", "bw", "sheets", "pin", "shp"];
const FLAGS = ["legend", "graticule", "labels"];
// A classification of null is the usual one, in the language of the sheet.
const TEXTS = { title: "title", sub: "subtitle", cls: "classification", rev: "approval", shp: "shapeName" };

export const FRESH = Object.freeze({
  title: "", subtitle: "", paper: "A3", portrait: false, scale: null, rotation: 0, at: null, extent: "all",
  legend: true, graticule: true, labels: true, standard: false, patterns: false, series: false, overlap: "10", classification: null, approval: "", pins: null, shapeName: "",
});

const paperOf = (sheet) => `${sheet.paper}${sheet.portrait ? "-portrait" : ""}`;
export const sizeOf = (sheet) => (sheet.portrait ? [...PAPERS[sheet.paper]].reverse() : PAPERS[sheet.paper]);

/** Degrees from -180 (excluded) to 180, to a tenth. */
export function turned(degrees) {
  const round = Math.round(degrees * 10) / 10;
  return round - 360 * Math.ceil((round - 180) / 360) + 0;
}

/** The standard scale nearest by ratio; with `free` the scale itself, to two digits or so. */
export function scaleNear(wished, free = false) {
  const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, wished));
  if (!free) return SCALES.reduce((a, b) => (Math.abs(Math.log(b / scale)) < Math.abs(Math.log(a / scale)) ? b : a));
  const step = 10 ** Math.max(0, Math.floor(Math.log10(scale)) - 2);
  return Math.round(scale / step) * step;
}

/** The next standard scale that shows more (1) or less (-1). */
export function scaleStep(scale, way) {
  const next = way > 0 ? SCALES.find((s) => s > scale) : [...SCALES].reverse().find((s) => s < scale);
  return next ?? scale;
}

function scaleOf(text) {
  const scale = Number((text ?? "").replaceAll(",", "").replace(/^1\s*[:：]\s*/, ""));
  return Number.isInteger(scale) && scale >= LEAST_SCALE && scale <= MOST_SCALE ? scale : null;
}
export const readScale = scaleOf;

function placeOf(text) {
  const at = (text ?? "").split(",").map(Number);
  return at.length === 2 && at.every(Number.isFinite) && Math.abs(at[0]) <= 180 && Math.abs(at[1]) <= 85 ? at : null;
}

/** The sheet that an address tells. */
export function readSheet(query) {
  const sheet = { ...FRESH, extent: query.has("id") ? "selected" : FRESH.extent }; // what is named is what is shown
  const [, paper, portrait] = /^(A[0-4])(p?)$/.exec(query.get("paper") ?? "") ?? [];
  if (paper) Object.assign(sheet, { paper, portrait: portrait === "p" });
  sheet.scale = scaleOf(query.get("scale"));
  if (query.has("rot") && Number.isFinite(Number(query.get("rot")))) sheet.rotation = turned(Number(query.get("rot")));
  sheet.at = sheet.scale ? placeOf(query.get("at")) : null;
  if (["all", "view", "selected", "drawn"].includes(query.get("ext"))) sheet.extent = query.get("ext");
  if (sheet.at) sheet.extent = query.get("ext") === "selected" ? "selected" : "frame";
  for (const [key, name] of Object.entries(TEXTS)) if (query.has(key)) sheet[name] = query.get(key);
  for (const name of (query.get("off") ?? "").split(",")) if (FLAGS.includes(name)) sheet[name] = false;
  sheet.standard = query.get("std") === "1";
  sheet.patterns = query.get("bw") === "1";
  if (/^\d{1,2}$/.test(query.get("sheets") ?? "") && sheet.scale) Object.assign(sheet, { series: true, overlap: query.get("sheets") });
  sheet.pins = pinsOf(query.get("pin"));
  return sheet;
}

/** "district:1,old-villages:2" as {layer: version}; null where nothing is pinned. */
function pinsOf(text) {
  const pairs = [...(text ?? "").matchAll(/([\w-]+):(\d{1,9})/g)];
  return pairs.length ? Object.fromEntries(pairs.map(([, id, n]) => [id, Number(n)])) : null;
}

/** The same into an address; what is usual is left out: with a feature named, that this is what is shown. */
export function writeSheet(sheet, put, named = false) {
  const paper = `${sheet.paper}${sheet.portrait ? "p" : ""}`;
  put("paper", paper === FRESH.paper ? null : paper);
  put("scale", sheet.scale && String(sheet.scale));
  put("rot", sheet.rotation && String(sheet.rotation));
  put("at", sheet.at?.map((n) => n.toFixed(6)).join(","));
  const usual = named ? "selected" : "all";
  put("ext", [usual, "frame"].includes(sheet.extent) && !(sheet.at && sheet.extent === "selected") ? null : sheet.extent);
  for (const [key, name] of Object.entries(TEXTS)) {
    // A classification may have been emptied; that must come back empty.
    if (sheet[name] !== FRESH[name]) put(key, sheet[name] || (FRESH[name] === null && " "));
  }
  put("off", FLAGS.filter((name) => !sheet[name]).join(","));
  put("std", sheet.standard && "1");
  put("bw", sheet.patterns && "1");
  put("pin", sheet.pins && Object.entries(sheet.pins).map((pair) => pair.join(":")).join(","));
  put("sheets", sheet.series && sheet.scale && sheet.overlap);
}

/** The sheet as the server's parameters, but for what the page around it knows. */
export const sheetParams = (sheet, usual = {}) => ({
  paper: paperOf(sheet), scale: sheet.scale, rotation: sheet.rotation || null, title: sheet.title.trim() || null, subtitle: sheet.subtitle.trim() || null,
  legend: String(sheet.legend), graticule: String(sheet.graticule), labels: String(sheet.labels), colours: sheet.standard ? "standard" : null, patterns: sheet.patterns ? "true" : null,
  classification: (sheet.classification ?? usual.classification ?? "").trim() || null, approval: sheet.approval.trim() || null,
});
