/** The indicators of every document, filtered, with targets beside results and conflicts said. */
import { fill, h } from "../dom.js";
import { errorText, lang, name, t, title, words } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { empty, failure, select, skeleton } from "./controls.js";
import { icon } from "./icons.js";
import { docTabs, loadDocuments, loadIndicators, said, unitOf } from "./plans.js";
import { citation, spoken } from "./spoken.js";
import { goTo } from "./topbar.js";

const PROPERTY = { expected: ["预期", "Expected"], binding: ["约束", "Binding"] };
let query = "";

const both = (pair) => (pair ? pair[lang() === "zh" ? 0 : 1] : "");

const WIDTH = 96;
const SVG = "http://www.w3.org/2000/svg";

function bar(y, share, cls) {
  const rect = document.createElementNS(SVG, "rect");
  Object.entries({ x: 0.5, y, width: Math.max(1.5, share * (WIDTH - 1)), height: 7, rx: 1.5, class: cls }).forEach(([k, v]) => rect.setAttribute(k, v));
  return rect;
}

/** What was reached above what is aimed at, where both are one number: hollow is past, filled is planned. */
function chart(i) {
  const [base, target] = [i.baseline_number, i.target_number];
  if (!Number.isFinite(base) || !Number.isFinite(target) || Math.min(base, target) < 0) return null;
  const most = Math.max(base, target) || 1;
  const svg = document.createElementNS(SVG, "svg");
  Object.entries({ viewBox: `0 0 ${WIDTH} 20`, width: WIDTH, height: 20, role: "img", "aria-label": `${t("ind.base")} ${said(i, "baseline")}, ${t("ind.target")} ${said(i, "target")}`, class: "ind-chart" }).forEach(([k, v]) => svg.setAttribute(k, v));
  svg.append(bar(2, base / most, "is-base"), bar(11, target / most, "is-target"));
  return svg;
}

const figure = (i, field) => [said(i, field) || "—", i[`${field}_year`] && h("span.cap.year", {}, said(i, `${field}_year`))];

function row(i) {
  const note = words(i, "note");
  return [h("tr", { class: note ? "has-note" : "" }, h("th", { scope: "row" }, spoken(name(i))), h("td", {}, spoken(unitOf(i)) || "—"),
    h("td.num", {}, figure(i, "baseline")),
    h("td.num.strong", {}, figure(i, "target")),
    h("td", {}, chart(i)),
    h("td", {}, both(PROPERTY[i.property]) || "—"), h("td.cap", {}, citation(i.source_ref))),
  note && h("tr.note-row", {}, h("td", { colSpan: 7 }, h("p.ind-note.row", {}, icon("warning"), h("span", {}, spoken(note)))))];
}

const legend = () => h("span.cap.ind-key", {}, h("i.is-base"), t("ind.base"), h("i.is-target"), t("ind.target"));

function shown(list, document) {
  const q = query.toLowerCase();
  return list.filter((i) => (!document || i.document === document) && (!q || `${i.name_zh} ${i.name_en} ${i.unit} ${i.unit_en} ${i.table}`.toLowerCase().includes(q)));
}

export function indicatorsPage(host) {
  let live = true;
  const document = state.get("placeId") ?? "";
  const body = h("div.card.table-card.scroll", { tabindex: "0", role: "region", "aria-label": t("ind.title") }, skeleton(10));
  const count = h("span.cap");
  const find = h("input.input", { type: "search", placeholder: t("ind.find"), "aria-label": t("ind.find"), value: query });
  const tools = h("div.row.wrap.indicator-bar", {}, docTabs("indicators"), find, count, h("span.grow"), legend());
  fill(host, h("div.indicators-page", {}, tools, body));
  Promise.all([loadIndicators(), loadDocuments()]).then(([list, documents]) => {
    if (!live) return;
    tools.insertBefore(select({ label: t("docs.title"), hidden: true, value: document, options: [["", t("ind.all")], ...documents.map((d) => [d.id, title(d)])], change: (id) => goTo("indicators", id || null) }), find);
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
  const head = [["ind.name"], ["ind.unit"], ["ind.base", "num"], ["ind.target", "num"], ["ind.chart"], ["ind.kind"], ["ind.source"]];
  fill(body, h("table.data.indicators", {}, h("caption.sr", {}, t("ind.title")), h("thead", {}, h("tr", {}, head.map(([key, cls]) => h("th", { scope: "col", class: cls ?? "" }, t(key))))), h("tbody", {}, list.map(row))));
}
