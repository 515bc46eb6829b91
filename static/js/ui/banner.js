/** One line under the bar when the page cannot show all it should. */
import { network } from "../api.js";
import { loadCatalogue } from "../catalogue.js";
import { byId, fill, h } from "../dom.js";
import { errorText, t } from "../i18n.js";
import { state } from "../state.js";
import { unknownKeys } from "../url.js";
import { icon } from "./icons.js";

const retry = () => {
  state.set({ failure: null });
  loadCatalogue().catch((error) => state.set({ failure: error }));
};

export function mountBanner() {
  const bar = byId("banner");
  let dismissed = false;
  network.addEventListener("lost", () => state.set({ offline: true }));
  network.addEventListener("found", () => state.set({ offline: false }));
  const render = () => {
    const failure = state.get("failure");
    const unknown = unknownKeys();
    bar.hidden = !failure && !state.get("offline") && (!unknown.length || dismissed);
    if (bar.hidden) return;
    requestAnimationFrame(() => document.body.style.setProperty("--banner", `${bar.offsetHeight}px`));
    const lost = state.get("offline") && !failure;
    const text = lost ? t("map.offline") : failure ? `${t("map.failed")} ${errorText(failure)}` : t("error.page", { what: unknown.join("、") });
    const act = lost || failure ? retry : () => { dismissed = true; render(); };
    fill(bar, icon("warning"), h("span.grow", {}, text),
      h("button.btn.quiet.small", { type: "button", onclick: act }, t(lost || failure ? "action.retry" : "inspect.close")));
  };
  state.on("failure offline lang", render);
  render();
}
