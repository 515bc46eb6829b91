/** Says which class keeps its colour on the map, and lets go of it. */
import { collection } from "../catalogue.js";
import { byId, fill, h, iconButton } from "../dom.js";
import { t, title } from "../i18n.js";
import { state } from "../state.js";
import { icon } from "./icons.js";

export function mountHighlight() {
  const pill = h("div", { id: "highlight", role: "status", hidden: true });
  byId("app").append(pill);
  const render = () => {
    const chosen = state.get("highlight");
    pill.hidden = !chosen || !collection(chosen.layer) || state.get("place") !== "map";
    if (pill.hidden) return;
    fill(pill, icon("filter"), h("span.cap", {}, title(collection(chosen.layer))), h("strong.clip", {}, chosen.label || chosen.band || chosen.value || t("none")),
      h("button.btn.quiet.small", { type: "button", onclick: () => state.set({ drawer: "table", statsLayer: chosen.layer }) }, t("highlight.rows")),
      iconButton("close", t("highlight.end"), { onclick: () => state.set({ highlight: null }) }));
  };
  state.on("highlight catalogue place lang", render);
}
