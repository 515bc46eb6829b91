/** Everything at the place asked, smallest first; one is open, the others are a step away. */
import { collection } from "../catalogue.js";
import { h } from "../dom.js";
import { knownFeature } from "../features.js";
import { name, t, title } from "../i18n.js";
import { state } from "../state.js";
import { badge } from "./evidence.js";

function entry(hit, at) {
  const known = knownFeature(hit.layer, hit.id);
  const p = known?.properties ?? hit;
  const chosen = state.get("selection")?.id === hit.id;
  return h("li", {}, h("button.place-row", {
    type: "button", "aria-current": chosen ? "true" : null,
    onclick: () => state.set({ selection: { layer: hit.layer, id: hit.id } }),
    onmouseenter: () => state.set({ hover: { layer: hit.layer, id: hit.id } }),
    onmouseleave: () => state.set({ hover: null }),
  }, h("span.count", {}, at + 1), h("span.clip", {}, name({ ...p, id: hit.id })), h("span.cap.grow.clip", {}, title(collection(hit.layer))), p.evidence && badge(p.evidence, { small: true })));
}

export function placeList() {
  const hits = state.get("hits");
  if (!hits || hits.length < 2) return null;
  return h("details.place-list", {}, h("summary", {}, t("inspect.hits", { n: hits.length }), h("span.cap", {}, t("inspect.hits.note"))),
    h("ol", {}, hits.map(entry)));
}
