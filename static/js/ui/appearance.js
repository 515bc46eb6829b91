/** Language and theme on the document itself, and what the browser keeps of them. */
import { t } from "../i18n.js";
import { state } from "../state.js";

function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing still shows what was asked for.
  }
}

export const PLACE_NAMES = { uploads: "nav.uploads", reviews: "nav.reviews", docs: "nav.documents", indicators: "ind.title", print: "nav.print", accounts: "accounts.title" };

/** The place stands first: that is what a tab and a screen reader say. */
function nameDocument() {
  const place = PLACE_NAMES[state.get("place")];
  document.title = `${t("app.name")} · ${t("app.other")}`;
  if (place) document.title = `${t(place)} · ${t("app.name")}`;
}

/** Under a page that covers it nobody stands on the map; behind the print frame it is not walked. */
function followMap() {
  const map = document.getElementById("map");
  map.inert = ["docs", "indicators", "accounts"].includes(state.get("place"));
  map.tabIndex = state.get("place") === "print" ? -1 : 0;
}

function apply() {
  const lang = state.get("lang");
  const root = document.documentElement;
  root.lang = lang === "zh" ? "zh-CN" : "en";
  root.dataset.theme = state.get("theme");
  nameDocument();
  document.querySelectorAll("[data-t]").forEach((el) => { el.textContent = t(el.dataset.t); });
  document.getElementById("map").setAttribute("aria-label", t("map.label"));
  document.querySelector('meta[name="theme-color"]').content = state.get("theme") === "dark" ? "#151c1e" : "#ffffff";
}

export function followAppearance() {
  state.on("lang theme", () => {
    apply();
    keep("atlas-lang", state.get("lang"));
    keep("atlas-theme", state.get("theme"));
  });
  state.on("place", () => { document.body.dataset.place = state.get("place"); nameDocument(); followMap(); });
  state.on("catalogue", () => { document.body.dataset.ready = "true"; followMap(); });
  document.body.dataset.place = state.get("place");
  followMap();
  apply();
}
