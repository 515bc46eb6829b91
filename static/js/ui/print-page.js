/** The print composer: settings, the frame on the map, the true page, what to check before printing. */
import { fill, h } from "../dom.js";
import { fetchFeature, knownFeature, loadFeatures } from "../features.js";
import { name, t } from "../i18n.js";
import { state } from "../state.js";
import { tabs } from "./controls.js";
import { layersShown } from "./map-image.js";
import { layersAndFilters } from "./print-layers.js";
import { previewOf } from "./print-preview.js";
import { checklist } from "./print-checks.js";
import { change, chosenFeature, drawnShape, sheetNow, whereAsked } from "./print-request.js";
import { seriesOffer, settings } from "./print-settings.js";

const STEPS = ["settings", "place", "preview", "checks"];
const WAIT_MS = 250;
let step = "preview";

/** A sheet about the feature that the page was opened for. */
function begin() {
  const chosen = chosenFeature();
  const sheet = sheetNow();
  const patch = {};
  if (state.get("printOf")) Object.assign(patch, { extent: "selected", at: null });
  if ((patch.extent ?? sheet.extent) === "selected" && !chosen) patch.extent = "all";
  if ((patch.extent ?? sheet.extent) === "drawn" && !drawnShape()) patch.extent = "all";
  if (sheet.extent === "frame" && !sheet.at) patch.extent = "all";
  const known = chosen && knownFeature(chosen.layer, chosen.id);
  if (chosen && !sheet.title && known) patch.title = name({ ...known.properties, id: chosen.id });
  change(patch);
  if (chosen && !sheet.title && !known) fetchFeature(chosen.layer, chosen.id).then(entitle).catch(() => {});
}

/** A feature that came later than the page names the sheet, unless somebody has by then. */
function entitle({ id, properties }) {
  if (chosenFeature()?.id === id && !sheetNow().title) change({ title: name({ ...properties, id }) });
}

export function printPage(host) {
  begin();
  const page = h("div.print-page");
  const checks = h("aside.print-side.scroll", { "data-covers": "right" });
  const offer = seriesOffer();
  const layers = layersAndFilters();
  const form = settings(offer.node, layers.node);
  const preview = previewOf();
  const bar = h("div.print-steps", { "data-covers": "top" });
  const go = (next) => {
    step = next;
    page.dataset.step = step;
    fill(bar, tabs({ label: t("print.steps"), value: step, items: STEPS.map((s) => [s, t(`print.step.${s}`)]), change: go }));
    if (step === "place") showFrame(true);
    else state.set({ printFrame: null });
    if (step === "preview") preview.ask();
  };
  const turn = turns(offer, (told) => { where = told; preview.showSheets(told.count); if (step === "place") showFrame(!state.get("printFrame")); });
  let where = null;
  /** The frame as it is told by the server, and as it was dragged since. */
  const showFrame = (fit) => {
    if (!where) return;
    const sheet = sheetNow();
    state.set({ printFrame: { at: sheet.at ?? where.center, scale: sheet.scale ?? where.scale, rotation: sheet.rotation, size: where.frame, paper: t(sheet.portrait ? "print.portrait" : "print.landscape", { p: sheet.paper }), rings: where.sheets.map((s) => s.ring), fit } });
  };
  const update = () => {
    if (sheetNow().place) { change({ place: false }); go("place"); }
    fill(checks, checklist());
    form.refresh();
    turn.ask();
    if (step !== "place") preview.ask();
  };
  fill(page, form.node, bar, preview.node, checks);
  fill(host, page);
  const stops = [state.on("print", update), state.on("printFrame", dragged), state.on("on filters drawn planDate asOf pinned", () => { begin(); layers.refresh(); update(); }), state.on("loading", () => fill(checks, checklist()))];
  go(matchMedia("(max-width: 899px)").matches && step === "preview" ? "settings" : step);
  update();
  layersShown().forEach((id) => loadFeatures(id).catch(() => {}));
  return () => {
    stops.forEach((stop) => stop());
    turn.stop();
    preview.stop();
    state.set({ printOf: null, printFrame: null });
  };
}

/** What was done to the frame on the map is the sheet's. */
function dragged() {
  const frame = state.get("printFrame");
  if (!frame?.moved) return;
  const sheet = sheetNow();
  const patch = {};
  if (frame.rotation !== sheet.rotation) patch.rotation = frame.rotation;
  if (frame.from && frame.at !== frame.from) Object.assign(patch, { at: frame.at, scale: frame.scale, series: false, extent: sheet.extent === "selected" ? "selected" : "frame" });
  if (frame.scale !== sheet.scale && frame.rescaled) patch.scale = frame.scale;
  if (Object.keys(patch).length) change(patch);
}

/** Asks where the sheets lie, a moment after the last change. */
function turns(offer, heard) {
  let timer = null;
  let turn = 0;
  const now = async () => {
    const mine = ++turn;
    const told = await whereAsked().catch((error) => ({ error }));
    if (mine !== turn) return;
    if (told.error) offer.refuse(told.error.text?.(state.get("lang")) ?? told.error.message);
    else {
      offer.show(told.count);
      heard(told);
    }
  };
  const stop = () => { clearTimeout(timer); turn += 1; };
  return { ask: () => { clearTimeout(timer); timer = setTimeout(now, WAIT_MS); }, stop };
}
