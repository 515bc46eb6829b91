/** Which version of a layer is shown: the current one, or one from its past. */
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { versionsOf } from "../versions.js";
import { select } from "./controls.js";
import { versionLabel } from "./origin.js";

export function pin(layer, version) {
  const { [layer]: _, ...rest } = state.get("pinned");
  state.set({ pinned: version ? { ...rest, [layer]: version } : rest });
}

export function versionPicker(c) {
  if (!(c.version > 1)) return null;
  const box = h("div");
  versionsOf(c.id).then((versions) => {
    const options = versions.map((v) => [v.number === c.version ? "" : String(v.number), versionLabel(v)]);
    options[0][1] += ` · ${t("version.follow")}`;
    box.append(select({ label: t("layers.version"), value: String(state.get("pinned")[c.id] ?? ""), options, change: (v) => pin(c.id, Number(v) || null) }));
  }).catch(() => {});
  return box;
}
