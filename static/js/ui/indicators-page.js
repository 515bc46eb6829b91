/** The indicators of every document, filtered, with targets beside results and conflicts said. */
import * as api from "../api.js";
import { fill, h } from "../dom.js";
import { errorText, lang, name, t, title, words } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { empty, failure, select, skeleton } from "./controls.js";
import { docTabs, loadDocuments } from "./documents-page.js";
import { icon } from "./icons.js";
import { goTo } from "./topbar.js";

const PROPERTY = { expected: ["预期", "Expected"], binding: ["约束", "Binding"] };
let kept = null;
let query = "";

export const loadIndicators = async () => {
  kept ??= (await api.get("indicators")).indicators;
  return kept;
};

const both = (pair) => (pair ? pair[lang() === "zh" ? 0 : 1] : "");

function row(i) {
  const note = words(i, "note");
  return [h("tr", {}, h("th", { scope: "row" }, name(i)), h("td", {}, i.unit || "—"),
    h("td.num", {}, i.baseline || "—", i.baseline_year && h("span.cap.year", {}, i.baseline_year)),
    h("td.num.strong", {}, i.target || "—", i.target_year && h("span.cap.year", {}, i.target_year)),
    h("td", {}, both(PROPERTY[i.property]) || "—"), h("td.cap", { lang: "zh" }, i.source_ref)),
  note && h("tr.note-row", {}, h("td", { colSpan: 6 }, h("p.ind-note.row", {}, icon("warning"), note)))];
}

function shown(list, document) {
  const q = query.toLowerCase();
  return list.filter((i) => (!document || i.document === document) && (!q || `${i.name_zh} ${i.name_en} ${i.unit} ${i.table}`.toLowerCase().includes(q)));
}

export function indicatorsPage(host) {
  let live = true;
  const document = state.get("placeId") ?? "";
  const body = h("div.card.table-card.scroll", { tabindex: "0", role: "region", "aria-label": t("ind.title") }, skeleton(10));
  const count = h("span.cap");
  const find = h("input.input", { type: "search", placeholder: t("ind.find"), "aria-label": t("ind.find"), value: query });
  const bar = h("div.row.wrap.indicator-bar", {}, docTabs("indicators"), find, count);
  fill(host, h("div.indicators-page", {}, bar, body));
  Promise.all([loadIndicators(), loadDocuments()]).then(([list, documents]) => {
    if (!live) return;
    bar.insertBefore(select({ label: t("docs.title"), hidden: true, value: document, options: [["", t("ind.all")], ...documents.map((d) => [d.id, title(d)])], change: (id) => goTo("indicators", id || null) }), find);
    const draw = () => drawTable(body, count, shown(list, document));
    find.addEventListener("input", () => { query = find.value.trim(); draw(); });
    draw();
  }).catch((error) => live && fill(body, failure(errorText(error), () => state.announce("place"), t("action.retry"))));
  return () => { live = false; };
}

function drawTable(body, count, list) {
  count.textContent = t("table.rows", { n: number(list.length) });
  if (!list.length) {
    fill(body, empty(t("ind.none"), { iconName: "search" }));
    return;
  }
  const head = [["ind.name"], ["ind.unit"], ["ind.base", "num"], ["ind.target", "num"], ["ind.kind"], ["ind.source"]];
  fill(body, h("table.data.indicators", {}, h("caption.sr", {}, t("ind.title")), h("thead", {}, h("tr", {}, head.map(([key, cls]) => h("th", { scope: "col", class: cls ?? "" }, t(key))))), h("tbody", {}, list.map(row))));
}
