/** The phone's "more": the places that have no tab, language, theme, account. */
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { openDialog } from "./dialog.js";
import { icon } from "./icons.js";
import { openLogin } from "./login.js";
import { openShare } from "./share.js";
import { openMapImage } from "./map-image.js";
import { toggleTime } from "./time-bar.js";

export function openMore() {
  const go = (act) => () => { close(); act(); };
  const item = (name, label, act) => h("button.menu-item", { type: "button", onclick: go(act) }, icon(name, true), h("span.grow", {}, label), icon("chevron"));
  const dark = state.get("theme") === "dark";
  const { close } = openDialog({
    title: t("nav.more"),
    body: h("div.menu", {},
      item("check", t("nav.reviews"), () => state.set({ place: "reviews", placeId: null, selection: null })),
      item("document", t("nav.print"), () => state.set({ place: "print", placeId: null })),
      item("history", t("tool.time"), toggleTime),
      item("image", t("tool.image"), openMapImage),
      item("share", t("action.share"), openShare),
      item(dark ? "sun" : "moon", t(dark ? "theme.light" : "theme.dark"), () => state.set({ theme: dark ? "light" : "dark" })),
      item("globe", state.get("lang") === "zh" ? "English" : "中文", () => state.set({ lang: state.get("lang") === "zh" ? "en" : "zh" })),
      item("tray", t("jobs.title"), () => state.set({ tray: true })),
      item("user", t("login.title"), openLogin)),
  });
}
