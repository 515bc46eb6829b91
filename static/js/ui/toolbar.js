/** Tools over the map. */
import { byId, fill, h, keepFocus } from "../dom.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { icon } from "./icons.js";
import { openMapImage } from "./map-image.js";
import { openSwipe } from "./swipe-panel.js";
import { toggleTime } from "./time-bar.js";

const tools = () => [
  ["select", "cursor", t("tool.select"), () => useTool("select"), state.get("tool") === "select" && !state.get("drawer"), "V"],
  ["draw", "polygon", t("tool.draw"), () => useTool("draw"), state.get("tool") === "draw", "D"],
  ["measure", "ruler", t("tool.measure"), () => useTool("measure"), state.get("tool") === "measure", "M"],
  ["swipe", "swipe", t("tool.swipe"), openSwipe, Boolean(state.get("swipe")), "S"],
  ["time", "history", t("tool.time"), toggleTime, Boolean(state.get("timeBar")), "H"],
  ["stats", "chart", t("tool.stats"), toggleStats, Boolean(state.get("drawer")), "T"],
  ["image", "image", t("tool.image"), openMapImage, false, ""],
];

export function useTool(tool) {
  const around = state.get("selection") ?? state.get("drawnAround");
  state.set({ tool, drawn: null, ...(tool === "select" ? {} : { drawnAround: around, selection: null, hits: null }) });
}

export function toggleStats() {
  state.set({ drawer: state.get("drawer") ? null : "area" });
}

export function mountToolbar() {
  const bar = byId("toolbar");
  const render = () => {
    bar.setAttribute("aria-label", t("tool.label"));
    keepFocus(bar, () => fill(bar, tools().map(([key, name, label, act, on, shortcut]) => h("button.tool", {
      type: "button", "data-tool": key, "aria-pressed": String(on), title: shortcut ? `${label} (${shortcut})` : label, onclick: act,
    }, icon(name), h("span", {}, label)))));
  };
  state.on("lang tool drawer swipe timeBar", render);
  render();
}
