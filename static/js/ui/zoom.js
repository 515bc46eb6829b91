/** Zoom, whole district, where I am. */
import { ask } from "../commands.js";
import { byId, fill, h, iconButton } from "../dom.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { toast } from "./toast.js";

export function mountZoom() {
  const box = byId("zoom");
  const render = () => fill(box,
    iconButton("plus", t("zoom.in"), { onclick: () => ask("zoom", 1), class: "zoom-step" }),
    iconButton("minus", t("zoom.out"), { onclick: () => ask("zoom", -1), class: "zoom-step" }),
    h("hr"),
    iconButton("extent", t("zoom.all"), { onclick: () => ask("district") }),
    iconButton("locate", t("zoom.locate"), { onclick: () => ask("locate", () => toast(t("zoom.locate.failed"))) }));
  state.on("lang", render);
  render();
}
