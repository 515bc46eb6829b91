/** The bar over everything: places, the version in force, language, theme, who is here. */
import { byId, fill, h, iconButton, keepFocus } from "../dom.js";
import { t } from "../i18n.js";
import { WAITING } from "../jobs.js";
import { state } from "../state.js";
import { isPast } from "../versions.js";
import { icon, mark } from "./icons.js";
import { timeShown } from "./time-bar.js";
import { openLogin } from "./login.js";
import { segmented } from "./controls.js";
import { openShare } from "./share.js";

export const PLACES = [["map", "nav.map"], ["uploads", "nav.uploads"], ["reviews", "nav.reviews"], ["docs", "nav.documents"], ["print", "nav.print"]];

export const goTo = (place, placeId = null) => state.set({ place, placeId, selection: place === "map" ? state.get("selection") : null });
const isHere = (place) => state.get("place") === place || (place === "docs" && state.get("place") === "indicators");

function navigation() {
  const links = PLACES.map(([place, key]) => h("a.nav-link", {
    href: place === "map" ? "/" : `/${place}`,
    "aria-current": isHere(place) ? "page" : null,
    onclick: (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      goTo(place);
    },
  }, t(key), place === "reviews" && count()));
  return h("nav.nav", { "aria-label": t("nav.label") }, links);
}

function count() {
  const waiting = state.get("waiting");
  return waiting ? h("span.count", {}, waiting) : null;
}

/** What was started: how much of it goes on, and the way to the list. */
function jobs() {
  const all = state.get("jobs");
  if (!all.length) return null;
  const n = all.filter(({ status }) => WAITING.includes(status)).length;
  const label = n ? t("jobs.running", { n }) : t("jobs.title");
  return h("button.icon-btn.tray-btn", { type: "button", "data-tray": "", "aria-label": label, title: label, "aria-expanded": String(Boolean(state.get("tray"))), onclick: () => state.set({ tray: !state.get("tray") }) },
    all.some(({ status }) => status === "running") ? h("span.spin", { "aria-hidden": "true" }) : icon("tray"), n ? h("span.count", { "data-jobs": n }, n) : null);
}

function person() {
  const { principal } = state.get("session");
  const label = principal ? t("login.as", { name: principal.name, role: t(`role.${principal.role}`) }) : t("login.title");
  const initial = principal ? [...principal.name][0].toUpperCase() : icon("user");
  return h("button.person", { type: "button", "aria-label": label, title: label, onclick: openLogin, "data-in": String(Boolean(principal)) }, initial);
}

function themeButton() {
  const dark = state.get("theme") === "dark";
  return iconButton(dark ? "sun" : "moon", t(dark ? "theme.light" : "theme.dark"), {
    onclick: () => state.set({ theme: dark ? "light" : "dark" }),
  });
}

const languages = () => segmented({
  label: t("lang.label"), value: state.get("lang"), name: "lang",
  options: [["zh", h("span", { lang: "zh" }, "中")], ["en", h("span", { lang: "en" }, "EN")]],
  change: (lang) => state.set({ lang }),
});

function versionChip() {
  const says = timeShown();
  const past = isPast();
  return says && h("span.chip", { class: past ? "ind" : "ok" }, icon(past ? "history" : "check"), says);
}

export function mountTopbar() {
  const bar = byId("topbar");
  const render = () => keepFocus(bar, () => fill(bar, isPast() ? h("span.past-line", { "aria-hidden": "true" }) : null,
    h("a.brand", { href: "/", onclick: (e) => { e.preventDefault(); goTo("map"); } }, mark(), h("strong", {}, t("app.name")),
      h("span.brand-other", { lang: state.get("lang") === "zh" ? "en" : "zh" }, t("app.other"))),
    navigation(),
    h("div.bar-end", {}, versionChip(), h("span.row", { id: "tray-slot" }, jobs()), state.get("place") === "map" && iconButton("share", t("action.share"), { "data-act": "share", onclick: openShare }), languages(), themeButton(), person())));
  state.on("lang theme place session waiting catalogue pinned asOf planDate", render);
  state.on("jobs tray", () => {
    const held = document.activeElement?.closest?.("#tray-slot");
    fill(byId("tray-slot"), jobs());
    if (held) byId("tray-slot").querySelector("button")?.focus();
  });
  render();
}
