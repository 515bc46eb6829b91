/** The page as the server draws it, as large as the reader likes. */
import { get as fetched } from "../api.js";
import { fill, h, iconButton } from "../dom.js";
import { t } from "../i18n.js";
import { sizeOf } from "../lib/print-sheet.js";
import { state } from "../state.js";
import { icon } from "./icons.js";
import { sheetStrip } from "./print-strip.js";
import { isPosted, previewSource, sheetNow } from "./print-request.js";

const WAIT_MS = 250;
const PX_PER_MM = 96 / 25.4;
const STEPS = [0.25, 0.33, 0.5, 0.67, 0.75, 1, 1.25, 1.5, 2, 3];
const FINER = 1.25; // from here on the picture is asked for finer
const said = (error) => error.text?.(state.get("lang")) ?? t("print.failed");

export function previewOf() {
  const image = h("img.sheet-image", { alt: t("print.preview") });
  const caption = h("p.cap.sheet-caption");
  const words = h("span");
  const problem = h("p.inline-error", { hidden: true, role: "alert" }, icon("warning"), words);
  const busy = h("p.sheet-busy", { role: "status" }, h("span.spinner", { "aria-hidden": "true" }), t("print.drawing"));
  const done = (error) => {
    image.removeAttribute("aria-busy");
    busy.hidden = true;
    problem.hidden = !error;
    if (error) words.textContent = error;
    zoom.show();
  };
  image.addEventListener("load", () => done(null));
  image.addEventListener("error", async () => {
    done(t("print.failed"));
    if (isPosted()) return;
    const { pathname, search } = new URL(image.src);
    const refused = await fetched(`${pathname.replace("/api/", "")}${search}`).catch((error) => error);
    if (refused?.text) words.textContent = said(refused);
  });
  let timer = null;
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    image.setAttribute("aria-busy", "true");
    busy.hidden = false;
    const source = await previewSource(zoom.value() > FINER && ["A4", "A3"].includes(sheetNow().paper) ? 1.6 : 1).catch((error) => ({ error }));
    if (mine !== turn) return;
    if (source.error) return void done(said(source.error));
    if (image.getAttribute("src") === source) return void done(null);
    if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
    image.src = source;
  };
  const ask = () => {
    const sheet = sheetNow();
    const [w, height] = sizeOf(sheet);
    caption.textContent = t("print.sheet", { paper: t(sheet.portrait ? "print.portrait" : "print.landscape", { p: sheet.paper }), w, h: height });
    image.style.setProperty("aspect-ratio", `${w} / ${height}`);
    image.classList.toggle("is-portrait", sheet.portrait);
    zoom.show();
    clearTimeout(timer);
    timer = setTimeout(show, WAIT_MS);
  };
  const holder = h("div.sheet-holder", {}, image, busy);
  const zoom = zoomOf(image, holder, ask);
  const strip = sheetStrip(ask);
  const scroller = h("div.print-stage", { tabindex: "0", role: "region", "aria-label": t("print.preview") }, caption, holder, problem);
  const stop = () => { clearTimeout(timer); turn += 1; if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src); };
  return { node: h("div.print-stage-box", {}, scroller, zoom.node, strip.node), ask, stop, showSheets: strip.show };
}

/** The middle of what can be scrolled comes into sight. */
const middle = (box) => box?.scrollTo((box.scrollWidth - box.clientWidth) / 2, (box.scrollHeight - box.clientHeight) / 2);

/** − 51 % +, and all of the sheet; 100 % is the paper's own size. */
function zoomOf(image, holder, asked) {
  let chosen = null; // null: as large as there is room
  const value = () => chosen ?? image.clientWidth / (sizeOf(sheetNow())[0] * PX_PER_MM);
  const figure = h("output.zoom-figure", { "aria-live": "polite" });
  const show = () => {
    const [w] = sizeOf(sheetNow());
    holder.classList.toggle("is-zoomed", chosen !== null);
    image.style.setProperty("--zoom-width", `${Math.round(w * PX_PER_MM * (chosen ?? 1))}px`);
    figure.textContent = image.clientWidth ? `${Math.round(value() * 100)}%` : "";
  };
  const set = (next) => { const finer = value() > FINER; chosen = next; show(); middle(holder.parentElement); if (finer !== value() > FINER) asked(); };
  const step = (way) => set(way > 0 ? STEPS.find((s) => s > value() + 0.01) ?? STEPS.at(-1) : STEPS.findLast((s) => s < value() - 0.01) ?? STEPS[0]);
  const node = h("div.print-zoom", { role: "group", "aria-label": t("print.zoom") });
  fill(node, iconButton("minus", t("zoom.out"), { onclick: () => step(-1) }), figure, iconButton("plus", t("zoom.in"), { onclick: () => step(1) }), iconButton("extent", t("print.zoom.fit"), { onclick: () => set(null) }));
  return { node, show, value };
}
