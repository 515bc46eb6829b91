/** Where a feature comes from: document, chapter, how its shape was made. */
import { h } from "../dom.js";
import { day, lang, t, words } from "../i18n.js";
import { state } from "../state.js";
import { badge, sentence } from "./evidence.js";
import { icon } from "./icons.js";

const splitRefs = (text) => String(text ?? "").split(/[；;]/).map((s) => s.trim()).filter(Boolean);

function made(p) {
  return lang() === "en" ? p.construction_en || p.construction : p.construction || p.construction_en;
}

export function sourcesTab(feature) {
  const p = feature.properties;
  const refs = splitRefs(p.source_ref);
  const note = words({ ...p, location_note_zh: p.location_note, location_note_en: p.location_note_en }, "location_note");
  return h("div", {},
    h("section.block", {}, h("div.block-head", {}, h("h3", {}, t("source.title"))),
      p.source_title ? h("div.source", {}, icon("document", true), h("div.grow", {}, h("p.strong", { lang: "zh" }, p.source_title),
        refs.length ? h("ul.refs", { "aria-label": t("source.ref") }, refs.map((r) => h("li", { lang: "zh" }, r))) : null,
        h("button.link", { type: "button", onclick: () => state.set({ place: "docs", placeId: null, docsFor: p.source_title, selection: null }) }, t("source.open"))))
        : h("p.soft", {}, t("source.none"))),
    h("section.block", {}, h("div.block-head", {}, h("h3", {}, t("source.evidence")), badge(p.evidence, { small: true })),
      h("p", {}, sentence(p)), made(p) && h("p.soft", {}, made(p)), note && h("p.ind-note", {}, note)),
    p.valid_from || p.valid_to ? h("section.block", {}, h("div.block-head", {}, h("h3", {}, t("source.valid"))),
      h("p", {}, [p.valid_from && `${t("field.from")} ${day(p.valid_from)}`, p.valid_to && `${t("field.to")} ${day(p.valid_to)}`].filter(Boolean).join(" · "))) : null);
}
