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

function apply() {
  const lang = state.get("lang");
  const root = document.documentElement;
  root.lang = lang === "zh" ? "zh-CN" : "en";
  root.dataset.theme = state.get("theme");
  document.title = `${t("app.name")} · ${t("app.other")}`;
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
  state.on("place", () => { document.body.dataset.place = state.get("place"); });
  state.on("catalogue", () => { document.body.dataset.ready = "true"; });
  document.body.dataset.place = state.get("place");
  apply();
}
