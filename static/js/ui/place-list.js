/** Everything at the place asked, smallest first; one is open, the others are a step away. */
import * as api from "../api.js";
import { collection } from "../catalogue.js";
import { h } from "../dom.js";
import { knownFeature } from "../features.js";
import { beside, errorText, name, t, title } from "../i18n.js";
import { state } from "../state.js";
import { asOf } from "../versions.js";
import { badge } from "./evidence.js";
import { spoken } from "./spoken.js";

function entry(hit, at) {
  const known = knownFeature(hit.layer, hit.id);
  const p = known?.properties ?? hit;
  const chosen = state.get("selection")?.id === hit.id;
  return h("li", {}, h("button.place-row", {
    type: "button", "aria-current": chosen ? "true" : null,
    onclick: () => state.set({ selection: { layer: hit.layer, id: hit.id } }),
    onmouseenter: () => state.set({ hover: { layer: hit.layer, id: hit.id } }),
    onmouseleave: () => state.set({ hover: null }),
  }, h("span.count", {}, at + 1), h("span.clip", {}, spoken(name({ ...p, id: hit.id }))), h("span.cap.grow.clip", {}, spoken([title(collection(hit.layer)), beside({ ...p, id: hit.id })].filter(Boolean).join(" · "))), p.evidence && badge(p.evidence, { small: true })));
}

let open = false; // stays as the reader left it, from place to place

/** What stands here on the layers drawn; one button asks every layer. */
export function placeList() {
  const hits = state.get("hits");
  const asked = state.get("asked");
  if (!asked || !hits?.length) return null;
  const list = h("ol", {}, hits.map(entry));
  const details = h("details.place-list", { ontoggle: () => { open = details.open; } },
    h("summary", {}, h("span.grow", {}, t("inspect.hits", { n: hits.length })), h("span.cap", {}, t("inspect.hits.note"))), list,
    state.get("everything") ? null : h("button.link.place-all", { type: "button", onclick: (e) => askAll(e.currentTarget, asked) }, t("inspect.everything")));
  details.open = open;
  return details;
}

async function askAll(control, { lng, lat }) {
  control.textContent = t("inspect.asking");
  try {
    const { features } = await api.get("identify", { lon: lng.toFixed(7), lat: lat.toFixed(7), tolerance_m: 10, ...asOf() }, { name: "identify" });
    state.set({ everything: true, hits: features });
  } catch (error) {
    control.textContent = errorText(error);
  }
}
