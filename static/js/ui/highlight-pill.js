/** Says which class keeps its colour on the map and what is filtered, and lets go of it. */
import { collection, fieldOf, isOn, setFilter } from "../catalogue.js";
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

/** A pill: what is chosen of which layer, its rows, and the way back to all. */
function pill(layer, said, { note = null, end, label, key }) {
  return h("div.pill", { "data-pill": key }, icon("filter"), h("span.cap", {}, title(collection(layer)), note), h("strong.clip", {}, spoken(said)),
    h("button.btn.quiet.small", { type: "button", onclick: () => state.set({ drawer: "table", statsLayer: layer }) }, t("highlight.rows")),
    iconButton("close", label, { onclick: end }));
}

const highlightPill = (chosen) => pill(chosen.layer, chosenLabel(chosen) || t("none"), { key: "highlight", label: t("highlight.end"), end: () => state.set({ highlight: null }) });

function filterPill([layer, filter]) {
  const field = fieldOf(layer, filter.field);
  return pill(layer, chosenLabel({ layer, ...filter }) || t("none"), { key: layer, note: ` · ${t("highlight.only", { field: field ? title(field) : filter.field })}`, label: t("layers.clear"), end: () => setFilter(layer, null) });
}

export function mountHighlight() {
  const box = h("div", { id: "highlight", role: "status", hidden: true });
  byId("app").append(box);
  const render = () => {
    const chosen = state.get("highlight");
    const pills = state.get("place") !== "map" || !state.get("catalogue") ? [] : [
      ...Object.entries(state.get("filters")).filter(([id, f]) => collection(id) && f?.field && isOn(id)).map(filterPill),
      chosen && collection(chosen.layer) && highlightPill(chosen),
    ].filter(Boolean);
    box.hidden = !pills.length;
    fill(box, pills);
  };
  state.on("highlight filters on catalogue place lang", render);
}
