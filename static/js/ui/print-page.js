/** The print composer: settings, the frame on the map, the true page, what to check before printing. */
import { get as fetched } from "../api.js";
import { fill, h } from "../dom.js";
import { knownFeature, loadFeatures } from "../features.js";
import { name, t } from "../i18n.js";
import { sizeOf } from "../lib/print-sheet.js";
import { state } from "../state.js";
import { tabs } from "./controls.js";
import { icon } from "./icons.js";
import { layersShown } from "./map-image.js";
import { checklist } from "./print-checks.js";
import { change, chosenFeature, previewAddress, sheetNow, whereAsked } from "./print-request.js";
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
  if (sheet.extent === "frame" && !sheet.at) patch.extent = "all";
  if (chosen && !sheet.title) patch.title = name({ ...(knownFeature(chosen.layer, chosen.id)?.properties ?? {}), id: chosen.id });
  change(patch);
}

export function printPage(host) {
  begin();
  const page = h("div.print-page");
  const checks = h("aside.print-side.scroll", { "data-covers": "right" });
  const offer = seriesOffer();
  const form = settings(offer.node);
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
  const turn = turns(offer, (told) => { where = told; if (step === "place") showFrame(!state.get("printFrame")); });
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
  const stops = [state.on("print", update), state.on("printFrame", dragged), state.on("loading", () => fill(checks, checklist()))];
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
    const told = await fetched("map/sheets", whereAsked()).catch((error) => ({ error }));
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

/** The page as the server draws it. */
function previewOf() {
  const image = h("img.sheet-image", { alt: t("print.preview") });
  const caption = h("p.cap.sheet-caption");
  const words = h("span");
  const problem = h("p.inline-error", { hidden: true, role: "alert" }, icon("warning"), words);
  const busy = h("p.sheet-busy", { role: "status" }, h("span.spinner", { "aria-hidden": "true" }), t("print.drawing"));
  const done = (failed) => {
    image.removeAttribute("aria-busy");
    busy.hidden = true;
    problem.hidden = !failed;
  };
  image.addEventListener("load", () => done(false));
  image.addEventListener("error", async () => {
    done(true);
    words.textContent = t("print.failed");
    const { pathname, search } = new URL(image.src);
    const refused = await fetched(`${pathname.replace("/api/", "")}${search}`).catch((error) => error);
    if (refused?.text) words.textContent = refused.text(state.get("lang"));
  });
  let timer = null;
  const ask = () => {
    const sheet = sheetNow();
    const [w, height] = sizeOf(sheet);
    caption.textContent = t("print.sheet", { paper: t(sheet.portrait ? "print.portrait" : "print.landscape", { p: sheet.paper }), w, h: height });
    image.style.setProperty("aspect-ratio", `${w} / ${height}`);
    image.classList.toggle("is-portrait", sheet.portrait);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const address = previewAddress();
      if (image.getAttribute("src") === address) return;
      image.setAttribute("aria-busy", "true");
      busy.hidden = false;
      image.src = address;
    }, WAIT_MS);
  };
  const node = h("div.print-stage", {}, caption, h("div.sheet-holder", {}, image, busy), problem);
  return { node, ask, stop: () => clearTimeout(timer) };
}
