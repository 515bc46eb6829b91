/** Which features are counted: all, those in view, or the one selected. */
import { collection } from "../catalogue.js";
import { name, t } from "../i18n.js";
import { state } from "../state.js";
import { segmented } from "./controls.js";

export const SCOPED = ["area", "overlap", "balance", "proximity"];

/** The selection, if it can be counted: of the layer itself, or an area that land use is cut by. */
function selected(drawer, layer) {
  const chosen = state.get("selection");
  if (!chosen) return null;
  if (drawer === "balance") return collection(chosen.layer)?.geometry_type === "polygon" && chosen.layer !== layer.id ? chosen : null;
  return chosen.layer === layer.id ? chosen : null;
}

/** What is asked for may not be possible any more: then all are counted. */
export function scopeNow(drawer, layer) {
  const scope = state.get("statsScope");
  return scope === "selected" && !selected(drawer, layer) ? "all" : scope;
}

export function scopeParams(drawer, layer) {
  const scope = scopeNow(drawer, layer);
  if (scope === "view") return { bbox: state.get("view").bbox.map((n) => n.toFixed(6)).join(",") };
  if (scope !== "selected") return {};
  const { layer: of, id } = selected(drawer, layer);
  return drawer === "balance" ? { within: `${of}/${id}` } : { id };
}

export function scopeControl(drawer, layer) {
  const cannot = selected(drawer, layer) ? null : t(drawer === "balance" ? "stats.scope.need.area" : "stats.scope.need", { layer: name({ id: layer.id, name_zh: layer.title_zh, name_en: layer.title_en }) });
  return segmented({
    label: t("stats.scope"), value: scopeNow(drawer, layer), change: (statsScope) => state.set({ statsScope }),
    options: [["all", t("stats.scope.all")], ["view", t("stats.scope.view")], ["selected", t("stats.scope.selected"), cannot]],
  });
}
