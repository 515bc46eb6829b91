/** The map image: the server draws this view, with its layers and legend. */
import { url } from "../api.js";
import { isOn } from "../catalogue.js";
import { button, h, save } from "../dom.js";
import { t } from "../i18n.js";
import { drawingOrder, isMoved } from "../order.js";
import { state } from "../state.js";
import { asOf, planFilter } from "../versions.js";
import { segmented, toggle } from "./controls.js";
import { openDialog } from "./dialog.js";
import { icon } from "./icons.js";

const SIZES = [["1200x800", "1200 × 800"], ["1920x1080", "1920 × 1080"], ["2400x1600", "2400 × 1600"]];

/** Layers on, bottom first, as the server wants them. */
export const layersShown = () => drawingOrder().map((c) => c.id).filter(isOn);
/** How the server is to stack them: as listed, when the reader has moved one. */
export const stacking = () => ({ order: isMoved() ? "listed" : null });

function imageAddress({ format = "png", size = "1200x800", title = "", legend = true, extra = {} } = {}) {
  const [width, height] = size.split("x");
  const bbox = state.get("view").free.map((n) => n.toFixed(6)).join(",");
  return url("map", {
    collections: layersShown().join(","), bbox, width, height, f: format, title: title || null,
    legend: legend ? null : "false", lang: state.get("lang"), filter: planFilter(), ...stacking(), ...asOf(), ...extra,
  });
}

export function openMapImage() {
  const choice = { format: "png", size: "1200x800", title: "", legend: true };
  const name = h("input.input", { type: "text", id: "image-title", maxlength: "80" });
  const preview = h("img.map-preview", { alt: t("print.preview") });
  const open = h("a.btn.quiet", { target: "_blank", rel: "noopener" }, icon("share"), h("span", {}, t("image.open")));
  const update = () => {
    choice.title = name.value;
    open.href = imageAddress(choice);
    preview.src = imageAddress({ ...choice, format: "png", size: "1200x800" });
  };
  name.addEventListener("change", update);
  const body = h("div.stack", {},
    h("p.soft", {}, t("image.say")), h("div.preview-box", {}, preview),
    h("div.field", {}, h("label", { for: "image-title" }, t("image.name")), name),
    h("div.row.between.wrap", {},
      segmented({ label: t("image.format"), value: "png", options: [["png", "PNG"], ["pdf", "PDF"], ["svg", "SVG"]], change: (v) => { choice.format = v; update(); } }),
      segmented({ label: t("image.size"), value: choice.size, options: SIZES, change: (v) => { choice.size = v; update(); } })),
    toggle({ label: t("image.legend"), checked: true, change: (v) => { choice.legend = v; update(); } }));
  const get = button("primary", t("image.get"), { onclick: () => { update(); save(imageAddress(choice), `liwan-map.${choice.format}`); } }, "download");
  update();
  openDialog({ title: t("image.title"), body, foot: [open, h("span.grow"), get], wide: true });
}
