/** Which two features stand side by side, and the chip that says so while one is missing. */
import { byId, button, fill, h, iconButton } from "../dom.js";
import { fetchFeature } from "../features.js";
import { name, t } from "../i18n.js";
import { state } from "../state.js";
import { icon } from "./icons.js";

const same = (a, b) => a.layer === b.layer && a.id === b.id;
export const compared = (ref) => state.get("compare").some((r) => same(r, ref));
export const isPair = () => state.get("compare").length === 2;

/** In or out; a third feature takes the second's place. Two at once are shown. */
function toggleCompare(ref) {
  const list = state.get("compare");
  const next = compared(ref) ? list.filter((r) => !same(r, ref)) : [...list.slice(0, 1), ref];
  state.set({ compare: next });
  if (next.length === 2) openPair();
}

const openPair = () => state.set({ selection: null, hits: null, tool: "select", drawn: null });
export const endCompare = () => state.set({ compare: [] });

export function compareButton(ref) {
  const on = compared(ref);
  return iconButton("compare", t(on ? "compare.out" : "compare.add"), { "aria-pressed": String(on), onclick: () => toggleCompare(ref) });
}

const nameOf = async ({ layer, id }) => name({ ...(await fetchFeature(layer, id)).properties, id });

async function chip(tray) {
  const refs = state.get("compare");
  const names = await Promise.all(refs.map((r) => nameOf(r).catch(() => r.id)));
  if (refs !== state.get("compare")) return;
  fill(tray, icon("compare"), h("span.grow.clip", {}, h("strong", {}, t("compare.title")), ` ${names.join(" · ")}`),
    isPair() ? button("secondary.small", t("compare.open"), { onclick: openPair }) : h("span.cap", {}, t("compare.second")),
    iconButton("close", t("compare.end"), { onclick: endCompare }));
}

export function mountCompare() {
  const tray = byId("compare");
  const render = () => {
    const refs = state.get("compare");
    const shown = isPair() && !state.get("selection");
    tray.hidden = !refs.length || shown || !state.get("catalogue") || state.get("place") !== "map";
    if (!tray.hidden) chip(tray);
  };
  state.on("compare selection catalogue lang place", render);
  render();
}
