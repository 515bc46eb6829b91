/** Documents: contents on the left, our own summaries in the middle, what they name on the right. */
import * as api from "../api.js";
import { collection } from "../catalogue.js";
import { fill, h } from "../dom.js";
import { knownFeature } from "../features.js";
import { errorText, lang, name, t, title, words } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { empty, failure, segmented, skeleton } from "./controls.js";
import { showText, textAnchor } from "./document-text.js";
import { docMap } from "./doc-map.js";
import { docTabs, loadDocuments, loadIndicators, said, unitOf } from "./plans.js";
import { spoken } from "./spoken.js";
import { toast } from "./toast.js";
import { roving } from "./roving.js";
import { goTo } from "./topbar.js";

const FEW = 14; // names shown before the rest is folded away
const whole = new Map();

async function loadDocument(id) {
  if (!whole.has(id)) whole.set(id, await api.get(`documents/${id}`));
  return whole.get(id);
}

const docMeta = (d) => [d.number, d.date, words(d, "issuer")].filter(Boolean).join(" · ");

function entry(d, chosen, open) {
  return h("li", {}, h("button.doc-row", { type: "button", "aria-current": d.id === chosen.id ? "true" : null, onclick: () => open(d.id) },
    h("span.strong", {}, spoken(title(d))), h("span.row.between", {}, h("span.cap.clip", {}, spoken(d.number || d.date || "")), h("span.cap", {}, t("docs.entities", { n: number(d.feature_count ?? 0) })))));
}

export function documentsPage(host) {
  let live = true;
  fill(host, h("div.docs-page", {}, skeleton(12)));
  loadDocuments().then((documents) => {
    if (!live) return;
    const asked = state.get("placeId");
    const from = state.get("docsFor");
    const chosen = documents.find((d) => d.id === asked) ?? documents.find((d) => d.title_zh === from) ?? documents[0];
    if (asked && chosen && !documents.some((d) => d.id === asked)) toast(t("docs.missing", { name: title(chosen) }));
    if (!chosen) fill(host, empty(t("docs.none"), { iconName: "document" }));
    else show(host, documents, chosen);
  }).catch((error) => live && fill(host, h("div.docs-page", {}, failure(errorText(error), () => state.announce("place"), t("action.retry")))));
  return () => { live = false; };
}

function show(host, documents, chosen) {
  const centre = h("article.doc-body.scroll", { tabindex: "0", "aria-label": title(chosen) }, skeleton(8));
  const side = h("div.doc-side.scroll", {}, skeleton(5));
  const contents = h("nav.doc-contents", { "aria-label": t("docs.chapters") });
  const open = (id) => { state.set({ docsFor: null }); goTo("docs", id); };
  fill(host, h("div.docs-page", {}, h("div.doc-list.scroll", {}, docTabs("docs"), h("ul", {}, documents.map((d) => entry(d, chosen, open))), contents), centre, side));
  loadDocument(chosen.id).then((full) => {
    const whole = { ...chosen, ...full };
    const main = h("div.doc-main");
    const where = docMap(openFeature);
    const draw = () => (isText() ? drawText(main, contents, whole) : drawSummary(main, contents, whole));
    followChapters(centre, whole, where);
    fill(centre, header(whole), segmented({ label: t("docs.view"), value: isText() ? "text" : "summary", options: [["summary", t("docs.summaries")], ["text", t("text.title")]], change: (view) => { state.set({ tab: view === "text" ? "text" : "overview" }); draw(); } }), main);
    fill(side, where.node, indicators(chosen), conflicts(full), named(full));
    draw();
    goToChapter();
  }).catch((error) => fill(centre, failure(errorText(error), () => state.announce("place"), t("action.retry"))));
}

/** The map shows the places of the chapter that is being read; the name under the pointer stands out. */
function followChapters(centre, full, where) {
  const byAnchor = new Map((full.chapters ?? []).map((c) => [anchor(c), c]));
  const refs = (c) => (c.features ?? []).map(refOf).filter((r) => r?.layer);
  const tell = (c) => where.show(refs(c), chapterTitle(c));
  const first = [...byAnchor.values()].find((c) => refs(c).some((r) => r.located !== false));
  if (first) tell(first);
  let read = first;
  centre.addEventListener("scroll", () => {
    const line = centre.getBoundingClientRect().top + READ_AT;
    const here = [...centre.querySelectorAll(".doc-section")].findLast((s) => byAnchor.has(s.id) && s.getBoundingClientRect().top < line);
    const c = here ? byAnchor.get(here.id) : first;
    if (c && c !== read) tell(read = c);
  }, { passive: true });
  const point = ({ target }) => where.point(target.closest(".place-link[href]")?.getAttribute("href").slice(3));
  for (const kind of ["mouseover", "focusin"]) centre.addEventListener(kind, point);
}

const READ_AT = 100; // px below the top: the heading there is of what is being read

/** The chapter that a search led to. */
function goToChapter() {
  const there = state.get("docsAt") && document.getElementById(anchor({ id: state.get("docsAt") }));
  state.set({ docsAt: null });
  there?.scrollIntoView({ block: "start" });
  there?.focus({ preventScroll: true });
}

const isText = () => state.get("tab") === "text";

function drawSummary(main, contents, full) {
  const chapters = full.chapters ?? [];
  fill(main, h("p.cap", {}, t("docs.summary")), chapters.map((c) => chapter(c)));
  listContents(contents, chapters, (c) => anchor(c), (c) => c.feature_count ?? (c.features ?? []).length);
}

/** The same contents lead into the text, with how many names each chapter links. */
function drawText(main, contents, full) {
  const chapters = full.chapters ?? [];
  listContents(contents, [], null, null);
  showText(main, full, (counts, opened) => listContents(contents, chapters.filter((c) => opened.has(c.id)), (c) => textAnchor(c.id), (c) => counts.get(c.id) ?? 0));
}

function listContents(contents, chapters, target, count) {
  if (!chapters.length) fill(contents);
  else fill(contents, h("h3.row.between", {}, t("docs.chapters"), h("span.cap", {}, t("docs.named"))), roving(h("ol", {}, chapters.map((c) => contentsRow(c, target(c), count(c)))), ".contents-row"));
}

const STATUS_TONE = { in_force: "ok", draft: "ind" };

function header(d) {
  return h("header.doc-head", {}, h("p.cap", {}, spoken(docMeta(d))), h("h1", {}, spoken(title(d))), title(d) !== d.title_zh && h("p.cap", { lang: "zh" }, d.title_zh),
    h("div.row", {}, h("span.chip", { class: STATUS_TONE[d.status] ?? "" }, words({ status_zh: STATUS[d.status]?.[0] ?? d.status, status_en: STATUS[d.status]?.[1] ?? d.status }, "status"))),
    h("p.doc-text", {}, words(d, "summary")));
}

const STATUS = { in_force: ["正式发文", "In force"], draft: ["征求意见稿", "Draft for comment"], reference: ["参考资料", "Reference"] };
const anchor = (c) => `chapter-${c.id ?? c.ref ?? c.number}`;
const chapterTitle = (c) => words(c, "title") || words(c, "name") || c.ref || "";

function chapter(c, depth = 2) {
  return h("section.doc-section", { id: anchor(c), tabindex: "-1" }, h(`h${depth}`, {}, c.id && /^\d+$/.test(c.id) ? h("span.ref", {}, `${c.id}  `) : null, chapterTitle(c)),
    words(c, "summary") && h("p.doc-text", {}, words(c, "summary")), links(c.features ?? c.entities ?? []), (c.sections ?? []).map((s) => chapter(s, Math.min(4, depth + 1))));
}

/** Names of places: solid underline when the place is data, dashed when it is indicative. */
function links(refs) {
  const all = refs.map(link).filter(Boolean);
  if (all.length <= FEW + 2) return all.length ? h("p.doc-links", {}, all) : null;
  const rest = h("button.link", { type: "button", onclick: () => rest.replaceWith(...all.slice(FEW)) }, t("docs.rest", { n: all.length - FEW }));
  return h("p.doc-links", {}, all.slice(0, FEW), rest);
}

function conflicts({ conflicts: list = [] }) {
  if (!list.length) return null;
  return h("section.card", {}, h("h2.row.between", {}, t("docs.conflicts"), h("span.cap", {}, number(list.length))),
    h("ul.conflicts", {}, list.map((c) => h("li", {}, h("p.strong", {}, spoken(title(c))), h("p.soft", {}, spoken(lang() === "zh" ? c.zh : c.en))))));
}

const refOf = (ref) => (typeof ref === "string" && ref.includes("/") ? { layer: ref.split("/")[0], id: ref.split("/")[1] } : ref);

function link(raw) {
  const ref = refOf(raw);
  if (!ref?.layer || !ref.id) return null;
  const known = knownFeature(ref.layer, ref.id)?.properties ?? ref;
  const located = ref.located !== false;
  const label = name({ ...known, id: ref.id });
  if (!located) return h("span.place-link.is-unlocated", { title: t("search.unlocated") }, label);
  return h("a.place-link", { href: `/f/${ref.layer}/${ref.id}`, class: (ref.evidence ?? known.evidence) === "indicative" ? "is-indicative" : "", onclick: (e) => { e.preventDefault(); openFeature(ref); } }, spoken(label));
}

function openFeature(ref) {
  state.set({ on: { ...state.get("on"), [ref.layer]: true }, place: "map", placeId: null, tab: "overview", hits: null, selection: { layer: ref.layer, id: ref.id } });
}

const contentsRow = (c, target, count) => h("li", {}, h("a.contents-row", { href: `#${target}`, onclick: (e) => { e.preventDefault(); const there = document.getElementById(target); there?.scrollIntoView({ block: "start" }); there?.focus({ preventScroll: true }); } },
  h("span.clip.grow", {}, h("span.ref", {}, /^\d+$/.test(c.id ?? "") ? `${c.id}  ` : ""), chapterTitle(c)), h("span.cap", {}, number(count))));

function named(full) {
  const refs = (full.features ?? (full.chapters ?? []).flatMap((c) => c.features ?? [])).map(refOf).filter((r) => r?.layer);
  const seen = new Map(refs.map((r) => [`${r.layer}/${r.id}`, r]));
  const groups = Map.groupBy ? Map.groupBy(seen.values(), (r) => r.layer) : new Map();
  return h("section.card", {}, h("h2.row.between", {}, t("docs.named"), h("span.cap", {}, number(seen.size))),
    [...groups].slice(0, 12).map(([layer, items]) => h("div", {}, h("h3", {}, title(collection(layer) ?? { id: layer })), links(items))),
    h("p.cap.key", {}, h("span.place-link", {}, t("docs.located")), h("span.place-link.is-indicative", {}, t("docs.indicative"))));
}

function indicators(d) {
  const box = h("section.card", {}, h("h2.row.between", {}, t("docs.of"), h("button.link", { type: "button", onclick: () => goTo("indicators", d.id) }, t("docs.all"))), skeleton(3));
  loadIndicators().then((all) => {
    const list = all.filter((i) => i.document === d.id);
    if (!list.length) {
      box.remove();
      return;
    }
    const rows = list.slice(0, 7).map((i) => h("tr", {}, h("th", { scope: "row" }, spoken(name(i)), " ", h("span.cap", {}, spoken(unitOf(i)))), h("td.num", {}, said(i, "baseline") || "—"), h("td.num.strong", {}, said(i, "target") || "—")));
    box.lastChild.replaceWith(h("table.data.plain", {}, h("thead", {}, h("tr", {}, h("th", {}, t("ind.name")), h("th.num", {}, t("ind.base")), h("th.num", {}, t("ind.target")))), h("tbody", {}, rows)));
  }).catch(() => box.remove());
  return box;
}

