/** Says which class keeps its colour on the map, and lets go of it. */
import { collection, fieldOf } from "../catalogue.js";
import { byId, fill, h, iconButton } from "../dom.js";
import { codeLabel, lang, t, title } from "../i18n.js";
import { classOf } from "../lib/styling.js";
import { state } from "../state.js";
import { icon } from "./icons.js";
import { layerClasses } from "./legend.js";
import { spoken } from "./spoken.js";

/** The chosen class or band in the language of the page, whatever it was when it was chosen. */
function chosenLabel({ layer, field, value, band }) {
  if (band) {
    const [from, to] = band.replace("+", "").split("-");
    return to ? t("band.within", { a: from, b: to }) : t("band.beyond", { a: from });
  }
  const classes = layerClasses(layer);
  const cls = classes?.field === field ? classOf(classes, value) : null;
  return cls?.[lang()] ?? codeLabel(fieldOf(layer, field), value);
}

export function mountHighlight() {
  const pill = h("div", { id: "highlight", role: "status", hidden: true });
  byId("app").append(pill);
  const render = () => {
    const chosen = state.get("highlight");
    pill.hidden = !chosen || !collection(chosen.layer) || state.get("place") !== "map";
    if (pill.hidden) return;
    fill(pill, icon("filter"), h("span.cap", {}, title(collection(chosen.layer))), h("strong.clip", {}, spoken(chosenLabel(chosen) || t("none"))),
      h("button.btn.quiet.small", { type: "button", onclick: () => state.set({ drawer: "table", statsLayer: chosen.layer }) }, t("highlight.rows")),
      iconButton("close", t("highlight.end"), { onclick: () => state.set({ highlight: null }) }));
  };
  state.on("highlight catalogue place lang", render);
}
