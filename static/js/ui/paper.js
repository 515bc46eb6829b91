/** The page on paper: light whatever the screen, what is on show named and dated, its address pinned. */
import { byId, fill, h } from "../dom.js";
import { moment, t } from "../i18n.js";
import { state } from "../state.js";
import { address } from "../url.js";

export function mountPaper() {
  const head = h("header", { id: "paper-head", "aria-hidden": "true" });
  byId("app").before(head);
  let theme = null;
  window.addEventListener("beforeprint", () => {
    theme = state.get("theme");
    fill(head, h("strong", {}, t("app.name")), h("span", {}, moment(new Date().toISOString())), h("span", {}, t("base.note")), h("p", {}, location.origin + address({ pinned: true })), state.get("place") === "map" && h("canvas", { id: "paper-map" }));
    state.set({ theme: "light" });
  });
  window.addEventListener("afterprint", () => theme && state.set({ theme }));
}
