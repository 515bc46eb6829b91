/** Single-key shortcuts, and the list of them. */
import { ask } from "../commands.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { unitNames } from "../lib/format.js";
import { proposal } from "../divider.js";
import { state } from "../state.js";
import { endCompare } from "./compare.js";
import { openDialog } from "./dialog.js";
import { focusSearch } from "./search.js";
import { openSwipe } from "./swipe-panel.js";
import { toggleTime } from "./time-bar.js";
import { toggleStats, useTool } from "./toolbar.js";

const nextUnit = () => unitNames[(unitNames.indexOf(state.get("unit")) + 1) % unitNames.length];

function escape() {
  if (state.get("drawn")) state.set({ drawn: null });
  else if (state.get("tool") !== "select") useTool("select");
  else if (state.get("highlight")) state.set({ highlight: null });
  else if (state.get("selection")) state.set({ selection: null, hits: null });
  else if (state.get("compare").length) endCompare();
  else state.set({ drawer: null, swipe: null, timeBar: null });
}

/** The next part of the page that a reader would go to: bar, search, layers, map, feature, drawer. */
function nextRegion(step) {
  const parts = ["topbar", "search", "layers", "toolbar", "map", "timebar", "inspector", "drawer", "page", "tabbar"].map((id) => document.getElementById(id)).filter((e) => e?.getClientRects().length);
  const at = parts.findIndex((e) => e.contains(document.activeElement));
  const part = parts[(at + step + parts.length) % parts.length];
  (part.id === "map" ? part : part.querySelector("input, button, a[href], [tabindex]"))?.focus();
}

/** One side of the comparison over the whole view, then the other. */
function blink() {
  const swipe = state.get("swipe");
  if (swipe) state.set({ swipe: { ...swipe, x: swipe.x < 1 ? 1 : 0 } });
}

const KEYS = [
  ["/", "keys.search", focusSearch],
  ["l", "keys.layers", () => state.set({ panel: !state.get("panel") })],
  ["t", "keys.stats", toggleStats],
  ["v", "keys.select", () => useTool("select")],
  ["d", "keys.draw", () => useTool("draw")],
  ["m", "keys.measure", () => useTool("measure")],
  ["s", "keys.swipe", openSwipe],
  ["b", "keys.blink", blink],
  ["h", "keys.time", toggleTime],
  ["p", "keys.print", () => state.set({ place: "print" })],
  ["u", "keys.unit", () => state.set({ unit: nextUnit() })],
  ["0", "keys.extent", () => ask("district")],
  ["Escape", "keys.esc", escape],
  ["?", "keys.help", openHelp],
];

function openHelp() {
  const rows = KEYS.map(([key, label]) => h("div.fact", {}, h("dt", {}, h("kbd", {}, key === "Escape" ? "Esc" : key.toUpperCase())), h("dd", {}, t(label))));
  for (const [key, label] of [["F6", "keys.region"], ["Tab", "keys.walk"], ["↑ ↓ ← →", "keys.tree"], ["Alt ↑ ↓", "keys.order"]]) rows.push(h("div.fact", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(label))));
  openDialog({ title: t("keys.title"), body: h("dl.facts-list", {}, rows) });
}

const ANYWHERE = ["/", "?"];
const BESIDE = [...ANYWHERE, "s", "b"]; // beside a changeset or an upload

const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog");

export function mountKeys() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      focusSearch();
      return;
    }
    if (event.key === "F6") {
      event.preventDefault();
      nextRegion(event.shiftKey ? -1 : 1);
      return;
    }
    const leaves = event.key === "Escape" && event.target.closest?.("#drawer"); // a field of the table is left with it
    if (event.ctrlKey || event.metaKey || event.altKey || (typing(event.target) && !leaves)) return;
    const found = KEYS.find(([key]) => key === event.key || key === event.key.toLowerCase());
    if (!found || (state.get("place") !== "map" && !(proposal() ? BESIDE : ANYWHERE).includes(found[0]))) return;
    if (found[0] === "/") event.preventDefault();
    found[2]();
  });
}
