/** The phone's bar: places, and the statistics sheet. */
import { byId, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { icon } from "./icons.js";
import { openMore } from "./more-menu.js";

const entries = () => [
  ["map", "pin", t("nav.map"), () => state.set({ place: "map", placeId: null, drawer: null }), state.get("place") === "map" && !state.get("drawer")],
  ["stats", "chart", t("nav.stats"), () => state.set({ place: "map", drawer: state.get("drawer") ? null : "area", selection: null }), Boolean(state.get("drawer"))],
  ["docs", "document", t("nav.documents"), () => state.set({ place: "docs", placeId: null, drawer: null, selection: null }), ["docs", "indicators"].includes(state.get("place"))],
  ["uploads", "upload", t("nav.uploads.short"), () => state.set({ place: "uploads", placeId: null, drawer: null, selection: null }), state.get("place") === "uploads"],
  ["more", "more", t("nav.more"), openMore, !["map", "docs", "indicators", "uploads"].includes(state.get("place"))],
];

export function mountTabbar() {
  const bar = byId("tabbar");
  const render = () => {
    bar.setAttribute("aria-label", t("nav.label"));
    fill(bar, entries().map(([key, name, label, act, on]) => h("button.tabbar-item", {
      type: "button", "data-place": key, "aria-current": on ? "page" : null, onclick: act,
    }, icon(name, true), h("span", {}, label))));
  };
  state.on("lang place drawer", render);
  render();
}
