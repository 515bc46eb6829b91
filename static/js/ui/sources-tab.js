/** Where a feature comes from: document, chapter, how its shape was made. */
import * as api from "../api.js";
import { fill, h } from "../dom.js";
import { day, lang, t, words } from "../i18n.js";
import { state } from "../state.js";
import { badge, sentence } from "./evidence.js";
import { icon } from "./icons.js";
import { citation, spoken } from "./spoken.js";

const splitRefs = (text) => String(text ?? "").split(/[；;]/).map((s) => s.trim()).filter(Boolean);

let known = null; // documents by their Chinese titles

/** What is called otherwise in English: documents by their titles, public sources by all that is said of them. */
const english = () => {
  known ??= api.get("documents").then(({ documents, public_sources: rest }) => new Map([...documents.map((d) => [d.title_zh, d.title_en]), ...rest.map((r) => [r.zh, r.en])]));
  known.catch(() => { known = null; });
  return known;
};

/** The document's English title over its own, once that is known. */
function titleOf(text) {
  const own = h("p.strong", {}, spoken(text));
  const box = h("div", {}, own);
  if (lang() === "zh") return box;
  english().then((titles) => {
    if (!titles.get(text)) return;
    own.className = "cap";
    own.before(h("p.strong", {}, titles.get(text)));
  }).catch(() => {});
  return box;
}

/** A chapter; or what a public source is, in English once that is known. */
function reference(text) {
  const row = h("li", {}, citation(text));
  if (lang() === "en") english().then((all) => all.get(text) && fill(row, all.get(text))).catch(() => {});
  return row;
}

function made(p) {
  return lang() === "en" ? p.construction_en || p.construction : p.construction || p.construction_en;
}

export function sourcesTab(feature) {
  const p = feature.properties;
  const refs = splitRefs(p.source_ref);
  const note = words({ ...p, location_note_zh: p.location_note, location_note_en: p.location_note_en }, "location_note");
  return h("div", {},
    h("section.block", {}, h("div.block-head", {}, h("h2", {}, t("source.title"))),
      p.source_title ? h("div.source", {}, icon("document", true), h("div.grow", {}, titleOf(p.source_title),
        refs.length ? h("ul.refs", { "aria-label": t("source.ref") }, refs.map(reference)) : null,
        h("button.link", { type: "button", onclick: () => state.set({ place: "docs", placeId: null, docsFor: p.source_title, selection: null }) }, t("source.open"))))
        : h("p.soft", {}, t("source.none"))),
    h("section.block", {}, h("div.block-head", {}, h("h2", {}, t("source.evidence")), badge(p.evidence, { small: true })),
      h("p", {}, sentence(p)), made(p) && h("p.soft", {}, spoken(made(p))), note && h("p.ind-note", {}, spoken(note))),
    p.valid_from || p.valid_to ? h("section.block", {}, h("div.block-head", {}, h("h2", {}, t("source.valid"))),
      h("p", {}, [p.valid_from && `${t("field.from")} ${day(p.valid_from)}`, p.valid_to && `${t("field.to")} ${day(p.valid_to)}`].filter(Boolean).join(" · "))) : null);
}
