/** The phone's row under the search: what time is shown, and which layers. */
import { isOn } from "../catalogue.js";
import { byId, fill, h } from "../dom.js";
import { followFeatures, loadFeatures } from "../features.js";
import { t, title } from "../i18n.js";
import { drawingOrder } from "../order.js";
import { state } from "../state.js";
import { isPast } from "../versions.js";
import { icon } from "./icons.js";
import { symbol } from "./legend.js";
import { timeShown, toggleTime } from "./time-bar.js";

/** Opens the layer panel at that layer, its legend open. */
function openLayer(id) {
  state.set({ panel: true, open: { ...state.get("open"), [id]: true } });
  loadFeatures(id).catch(() => {});
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const row = document.querySelector(`[data-layer-row="${id}"]`);
    row?.scrollIntoView({ block: "start" });
    row?.querySelector(".tree-name")?.focus();
  }));
}

function timeChip() {
  const said = timeShown();
  if (!said) return null;
  return h("button.chip-button", { type: "button", class: isPast() ? "is-past" : "", "data-chip": "time", "aria-pressed": String(Boolean(state.get("timeBar"))), "aria-label": t("chips.time", { d: said }), onclick: toggleTime },
    icon("history"), h("span", {}, said));
}

const layerChip = (c) => h("button.chip-button", { type: "button", "data-chip": c.id, "aria-label": t("layers.details", { name: title(c) }), onclick: () => openLayer(c.id) },
  symbol(c), h("span", {}, title(c)));

export function mountChips() {
  const row = h("div", { id: "chips", role: "group", "data-covers": "top" });
  byId("search").after(row);
  const small = matchMedia("(max-width: 599px)");
  const render = () => {
    const shown = small.matches && state.get("catalogue") && !state.get("embedded");
    row.hidden = !shown;
    if (!shown) return;
    const at = row.firstChild ? row.scrollLeft : 0; // asking makes the page lay itself out, and so does saying
    const layers = drawingOrder().filter((c) => isOn(c.id) && c.id !== "district" && c.feature_count).reverse();
    row.setAttribute("aria-label", t("chips.label"));
    fill(row, timeChip(), layers.map(layerChip));
    if (at) row.scrollLeft = at;
  };
  small.addEventListener("change", render);
  state.on("lang theme catalogue on order asOf planDate timeBar", render);
  followFeatures(render);
  render();
}
