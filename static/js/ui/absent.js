/** In place of a feature that the version on show does not have: whether it ever was, what it was last, and the way there. */
import * as api from "../api.js";
import { collection, versionOf } from "../catalogue.js";
import { ask } from "../commands.js";
import { button, fill, h, iconButton } from "../dom.js";
import { prepare } from "../features.js";
import { day, name, t, title } from "../i18n.js";
import { state } from "../state.js";
import { areaTable } from "./area-table.js";
import { empty } from "./controls.js";
import { historyTab } from "./history-tab.js";
import { icon } from "./icons.js";
import { sheetHandle } from "./sheet.js";

const close = () => state.set({ selection: null, hits: null, tab: "overview" });

function show(layer, version) {
  const { [layer]: _, ...rest } = state.get("pinned");
  state.set(version ? { pinned: { ...rest, [layer]: version } } : { pinned: rest, asOf: null, versionsThen: null });
}

/** What the history says of the version on show: {kind, at, last}, its last state beside it. */
export function absence(history, shown) {
  const steps = [...history].sort((a, b) => a.version - b.version);
  const before = steps.filter((s) => s.version <= shown);
  const left = before.at(-1);
  if (left) return { kind: "removed", at: left, last: before.findLast((s) => s.feature)?.feature, view: left.version - 1 };
  const first = steps[0];
  return first && { kind: "later", at: first, last: steps.find((s) => s.feature)?.feature, view: null };
}

function head(layer, id, feature, { kind }) {
  const called = feature ? name({ ...feature.properties, id }) : id;
  return h("header.inspect-head", {},
    h("div.row", {}, h("p.cap.grow", {}, title(collection(layer))),
      feature?.box && iconButton("pin", t("inspect.zoom"), { onclick: () => ask("fit", feature.box) }), iconButton("close", t("inspect.close"), { onclick: close })),
    h("h1", { id: "inspect-title", tabindex: "-1" }, called), called !== id && h("p.cap", {}, id),
    h("p.absent-mark", {}, h("span.chip", { class: kind === "removed" ? "bad" : "ind", "data-absent": kind }, icon(kind === "removed" ? "trash" : "history"), t(`absent.${kind}`))));
}

function was(panel, { layer, id }, found) {
  const { kind, at, last, view } = found;
  const feature = last && prepare({ ...last });
  const way = view
    ? button("primary", t("absent.view", { n: view }), { "data-act": "view-then", onclick: () => { show(layer, view); if (feature?.box) ask("fit", feature.box); } }, "history")
    : button("primary", t("absent.now"), { "data-act": "view-now", onclick: () => show(layer, null) });
  fill(panel, sheetHandle(), head(layer, id, feature, found),
    h("div.panel-body.scroll", { tabindex: "0", role: "region", "aria-labelledby": "inspect-title" },
      h("section.block", {}, h("p", {}, t(`absent.${kind}.say`, { n: at.version, d: day(at.published_at), m: view }))),
      feature?.properties.area_m2 ? areaTable(feature.properties, { heading: t(kind === "removed" ? "absent.area" : "area.title") }) : null,
      h("section", {}, h("div.block-head.pad-x", {}, h("h2", {}, t("tab.history"))), historyTab({ id }, layer))),
    h("div.panel-foot", {}, way, button("secondary", t("inspect.close"), { onclick: close })));
  panel.setAttribute("aria-labelledby", "inspect-title");
}

function never(panel, { layer, id }) {
  const known = collection(layer);
  const find = known && button("primary", t("absent.find"), { "data-act": "find", onclick: () => state.set({ selection: null, hits: null, drawer: "table", statsLayer: layer }) });
  const said = known ? t("absent.never", { layer: title(known), id }) : t("absent.layer", { id: layer });
  fill(panel, sheetHandle(), h("div.panel-body.is-empty", { role: "alert" },
    empty(said, { iconName: "info", note: t(known ? "absent.never.say" : "absent.layer.say"), action: h("div.row", {}, find, button("secondary", t("inspect.close"), { onclick: close })) })));
}

/** Nothing is said of why until the history has come. */
export async function absentPanel(panel, chosen) {
  const asked = collection(chosen.layer) ? api.get(`collections/${chosen.layer}/items/${encodeURIComponent(chosen.id)}/history`) : Promise.reject(new Error());
  const found = await asked.then(({ history }) => absence(history, versionOf(chosen.layer) ?? 0)).catch(() => null);
  if (state.get("selection") !== chosen) return;
  if (found) was(panel, chosen, found);
  else never(panel, chosen);
}
