/** The feature page at the side of the map; draw-and-ask takes its place while drawing. */
import { collection } from "../catalogue.js";
import { ask } from "../commands.js";
import { byId, button, fill, h, iconButton, keepFocus } from "../dom.js";
import { fetchFeature } from "../features.js";
import { codeLabel, errorText, name, otherName, t, title } from "../i18n.js";
import { state } from "../state.js";
import { address } from "../url.js";
import { url } from "../api.js";
import { shownAs } from "../versions.js";
import { icon } from "./icons.js";
import { classFor } from "../lib/styling.js";
import { layerClasses } from "./legend.js";
import { empty, skeleton, tabs } from "./controls.js";
import { compareButton, isPair } from "./compare.js";
import { drawPanel } from "./draw-panel.js";
import { evidenceLine } from "./evidence.js";
import { historyTab } from "./history-tab.js";
import { placeList } from "./place-list.js";
import { overlapsTab } from "./overlaps-tab.js";
import { overviewTab } from "./overview-tab.js";
import { sourcesTab } from "./sources-tab.js";
import { openShare } from "./share.js";
import { spoken } from "./spoken.js";
import { openSheet, sheetHandle } from "./sheet.js";
import { toast } from "./toast.js";

const TABS = { overview: overviewTab, overlaps: overlapsTab, sources: sourcesTab, history: historyTab };
let shown = null; // the feature on show, so that tabs change without fetching

async function copyLink() {
  await navigator.clipboard?.writeText(location.origin + address({ pinned: true })).catch(() => {});
  toast(t("inspect.copied"));
}

const close = () => state.set({ selection: null, hits: null, tab: "overview" });

function typeLine(feature, layer) {
  const c = collection(layer);
  const parts = [title(c)];
  for (const key of ["subarea", "mode", "landuse_code"]) {
    const value = feature.properties[key];
    const cls = layerClasses(layer)?.field === key && classFor(layerClasses(layer), feature.properties);
    if (cls) parts.push(key === "landuse_code" ? `${value} ${cls[state.get("lang")]}` : cls[state.get("lang")]);
    else if (value) parts.push(codeLabel(c.fields.find((f) => f.name === key), value));
  }
  return parts.join(" · ");
}

function head(feature, layer) {
  const p = { ...feature.properties, id: feature.id };
  return h("header.inspect-head", {},
    h("div.row", {}, h("p.cap.grow", {}, spoken(typeLine(feature, layer))),
      iconButton("copy", t("inspect.copy"), { onclick: copyLink }),
      feature.box && iconButton("pin", t("inspect.zoom"), { onclick: () => ask("fit", feature.box) }),
      iconButton("close", t("inspect.close"), { onclick: close })),
    h("h1", { id: "inspect-title", tabindex: "-1" }, spoken(name(p))),
    h("p.cap", {}, otherName(p) && h("span", { lang: state.get("lang") === "zh" ? "en" : "zh" }, otherName(p)), otherName(p) && " · ", feature.id),
    evidenceLine(p, Boolean(feature.geometry)));
}

function body(feature, layer) {
  const tab = TABS[state.get("tab")] ? state.get("tab") : "overview";
  const items = Object.keys(TABS).map((key) => [key, t(`tab.${key}`)]);
  return [
    tabs({ label: t("inspect.label"), value: tab, items, change: (next) => state.set({ tab: next }) }),
    h("div.panel-body.scroll", { role: "tabpanel", "aria-label": t(`tab.${tab}`), tabindex: "0" }, placeList(), TABS[tab](feature, layer)),
  ];
}

const AREAS = new Set(["Polygon", "MultiPolygon"]);

/** One page about one area, as it stands at the time on show. */
function dossier(feature, layer) {
  if (!AREAS.has(feature.geometry?.type)) return null;
  const { version, "as-of": moment } = shownAs(layer);
  const href = url(`collections/${layer}/dossiers`, { id: feature.id, lang: state.get("lang"), version, "as-of": moment });
  return h("a.btn.primary", { href, target: "_blank", rel: "noopener", "data-act": "dossier" }, icon("document"), h("span", {}, t("action.dossier")));
}

function foot(feature, layer) {
  return h("div.panel-foot", {},
    dossier(feature, layer),
    feature.geometry && button(AREAS.has(feature.geometry.type) ? "secondary" : "primary", t("action.print"), { onclick: () => state.set({ place: "print", printOf: { layer, id: feature.id } }) }),
    h("span.grow"),
    iconButton("chart", t("tool.stats"), { onclick: () => state.set({ drawer: "overlap", statsLayer: layer }) }),
    compareButton({ layer, id: feature.id }),
    h("a.icon-btn", { href: `/api/collections/${layer}/items/${encodeURIComponent(feature.id)}`, download: `${feature.id}.geojson`, "aria-label": t("action.download"), title: `${t("action.download")} GeoJSON` }, downloadIcon()),
    iconButton("share", t("action.share"), { onclick: openShare }));
}

const downloadIcon = () => iconButton("download", "").firstChild;

function draw(panel, feature, layer) {
  keepFocus(panel, () => fill(panel, sheetHandle(), head(feature, layer), body(feature, layer), foot(feature, layer)), () => byId("inspect-title"));
  panel.setAttribute("aria-labelledby", "inspect-title");
  if (!state.get("byKey")) return;
  state.set({ byKey: false });
  byId("inspect-title").focus();
}

async function show(panel) {
  const chosen = state.get("selection");
  const known = shown?.id === chosen.id && shown.layer === chosen.layer ? shown.feature : null;
  if (known) {
    draw(panel, known, chosen.layer);
    return;
  }
  const waiting = setTimeout(() => fill(panel, sheetHandle(), h("div.panel-head", {}, h("span.grow"), iconButton("close", t("inspect.close"), { onclick: close })), skeleton(8)), 300);
  try {
    const feature = await fetchFeature(chosen.layer, chosen.id);
    shown = { ...chosen, feature };
    if (state.get("selection") === chosen) draw(panel, feature, chosen.layer);
  } catch (error) {
    if (error.status === 404) (await import("./absent.js")).absentPanel(panel, chosen);
    else if (error.name !== "AbortError") fill(panel, sheetHandle(), problem(error));
  } finally {
    clearTimeout(waiting);
  }
}

function problem(error) {
  const again = button("primary", t("action.retry"), { onclick: () => state.announce("selection") });
  return h("div.panel-body.is-empty", { role: "alert" }, empty(errorText(error), { iconName: "warning", action: h("div.row", {}, again, button("secondary", t("inspect.close"), { onclick: close })) }));
}

export function mountInspector() {
  const panel = byId("inspector");
  const render = () => {
    const drawing = ["draw", "measure"].includes(state.get("tool"));
    const ready = state.get("catalogue") && state.get("place") === "map";
    const was = panel.hidden;
    const pair = isPair() && !drawing && !state.get("selection");
    panel.hidden = !ready || !(drawing || pair || state.get("selection"));
    document.body.classList.toggle("is-comparing", Boolean(ready && pair));
    document.body.classList.toggle("has-inspector", !panel.hidden);
    if (panel.hidden) return;
    if (was) openSheet(panel, drawing && !state.get("drawn") ? "peek" : "half");
    if (drawing) drawPanel(panel);
    else if (pair) import("./compare-panel.js").then(({ comparePanel }) => comparePanel(panel));
    else show(panel);
  };
  state.on("pinned versionsThen catalogue", () => { shown = null; });
  state.on("selection tab lang unit hits catalogue pinned versionsThen tool drawn drawMode place compare file", render);
  render();
}
