/** What every view of the statistics drawer shares: its layer, its files, the chosen class, provenance. */
import * as api from "../api.js";
import { collection } from "../catalogue.js";
import { button, byId, fill, h } from "../dom.js";
import { errorText, t, title } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { empty, failure, menu, skeleton } from "./controls.js";
import { badge } from "./evidence.js";
import { icon } from "./icons.js";

const isLandUse = (c) => c.class_field === "landuse_code";

/** What the view on show can be asked of: a balance table is of land use. */
export function statsLayers(view = state.get("drawer")) {
  const all = [...state.get("catalogue").collections.values()];
  const classed = view === "balance" ? all.filter(isLandUse) : [];
  return classed.length ? classed : all;
}

export const statsLayer = () => {
  const able = statsLayers();
  const called = (id) => able.find((c) => c.id === id);
  return called(state.get("statsLayer")) ?? called("old-villages") ?? able.findLast((c) => c.feature_count) ?? able.at(-1);
};

const SHOWN_EXPORTS = 1; // more than these stand in a menu

/** [label, address, ending]: each a file of what is on show. */
export function setExports(links) {
  const box = byId("stats-exports");
  if (!box) return;
  const called = (ending) => `${title(statsLayer())} ${t(`stats.${state.get("drawer")}`)}.${ending}`;
  const link = (spec) => ([label, href, ending = label.toLowerCase()]) => h(spec, { href, download: called(ending) }, icon("download"), h("span", {}, label));
  if (links.length <= SHOWN_EXPORTS) fill(box, links.map(link("a.btn.secondary.small")));
  else fill(box, menu(t("stats.export"), links.map(link("a.menu-item"))));
}

/** Asks for what a view shows, in its place: with its files, in the page's language, and a way to stop what takes long; `files` narrows the files alone. */
export function ask(result, path, query, { show, again, files = {} }) {
  setExports(["xlsx", "csv"].map((f) => [f.toUpperCase(), api.url(path, { ...query, ...files, lang: state.get("lang"), f })]));
  const stop = () => {
    api.stop("stats");
    const retry = button("secondary small", t("stats.again"), { "data-act": "ask-again", onclick: again });
    fill(result, empty(t("stats.stopped"), { iconName: "chart", action: retry }));
    retry.focus();
  };
  fill(result, skeleton(6), h("div.late.row.wrap", {}, h("p.cap", { role: "status" }, t("stats.long")), button("secondary small", t("action.cancel"), { "data-act": "stop-stats", onclick: stop })));
  result.setAttribute("aria-busy", "true");
  api.get(path, query, { name: "stats" }).then(show).catch((error) => {
    if (!api.isAbort(error)) fill(result, failure(`${t("stats.failed")} ${errorText(error)}`, again, t("action.retry")));
  }).finally(() => result.removeAttribute("aria-busy"));
}

/** Chooses a class, or lets it go. */
export function pick(layer, field, row) {
  const now = state.get("highlight");
  const same = now?.layer === layer && String(now.value) === String(row.key);
  state.set({ highlight: same ? null : { layer, field, value: row.key ?? "", label: row.label } });
}

/** The row of a class chooses it. */
export const picker = (layer, field, row, ...content) =>
  h("button.row-pick", { type: "button", onclick: () => pick(layer.id, field, row) }, content, row.label);

/** One choice for chart, table and map: the same class stands out in all three. */
export function markChosen(panel = byId("drawer")) {
  const chosen = state.get("highlight");
  const key = chosen?.layer ? String(chosen.band ?? chosen.value) : null;
  panel.classList.toggle("has-pick", [...panel.querySelectorAll("[data-key]")].some((el) => el.dataset.key === key));
  for (const el of panel.querySelectorAll("[data-key]")) {
    const on = el.dataset.key === key;
    el.classList.toggle("is-on", on);
    const control = el.matches("button") ? el : el.querySelector("button.row-pick");
    control?.setAttribute("aria-pressed", String(on));
  }
}

/** What is in no figure and why, and what is to be known of the others. */
function remarks({ left_out: lost = [], notes = [] }) {
  const zh = state.get("lang") === "zh";
  const reason = (each) => `${title(collection(each.layer) ?? { id: each.layer })} ${number(each.count)}${zh ? `（${each.reason_zh}）` : ` (${each.reason})`}`;
  const told = [lost.length > 0 && t("stats.leftout", { n: lost.map(reason).join(zh ? "；" : "; ") }), ...notes.map((note) => note[zh ? "zh" : "en"])];
  return told.filter(Boolean).map((text) => h("p.cap.stats-remark", {}, text));
}

/** Basis, versions, the weakest evidence and remarks: on every answer. */
export function provenance(answer) {
  const versions = Object.entries(answer.versions ?? {}).map(([id, n]) => `${id} v${n}`).join(" · ");
  const weakest = typeof answer.evidence === "string" ? answer.evidence : answer.evidence?.weakest;
  return h("div", {}, h("div.row.wrap", {}, badge(weakest, { small: true }), h("span.cap", {}, `${t(`area.${answer.basis ?? state.get("basis")}`)} · ${t("stats.versions", { v: versions })}`)), remarks(answer));
}
