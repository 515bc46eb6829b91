/** A document's full text where the district has imported it: its names lead to the map, and back. */
import * as api from "../api.js";
import { fill, h, iconButton } from "../dom.js";
import { errorText, name, t, title, words } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { empty, failure, skeleton } from "./controls.js";
import { icon } from "./icons.js";
import { openLogin } from "./login.js";

const RANK = (f) => (f.located ? 0 : 2) + (f.evidence === "indicative" ? 1 : 0);
const kept = new Map(); // document -> its text, for as long as the page is open
let left = null; // the link that was followed to the map: {doc, key}

export const textAnchor = (chapter) => `text-${chapter}`;

/** Draw the text into `host`; `ready` gets places by chapter once they are known. */
export async function showText(host, doc, ready) {
  if (!state.get("session").principal) {
    fill(host, empty(t("text.login"), { iconName: "user", action: h("button.btn.primary", { type: "button", onclick: openLogin }, t("login.title")) }));
    return;
  }
  fill(host, skeleton(12));
  try {
    if (!kept.has(doc.id)) kept.set(doc.id, await api.get(`documents/${doc.id}/text`));
    draw(host, doc, kept.get(doc.id), ready);
  } catch (error) {
    if (error.status === 404) fill(host, missing(doc));
    else fill(host, failure(errorText(error), () => showText(host, doc, ready), t("action.retry")));
  }
}

const missing = (doc) => empty(t("text.none"), { iconName: "document", note: [t("text.how"), h("code.command", {}, `atlas documents import ${t("text.file")} --document ${doc.id}`)] });

function draw(host, doc, text, ready) {
  const features = new Map(text.features.map((f) => [`${f.layer}/${f.id}`, f]));
  const counts = new Map();
  const opened = new Set();
  const lines = text.paragraphs.map((p) => {
    if (p.places.length) counts.set(p.chapter, (counts.get(p.chapter) ?? 0) + p.places.length);
    const first = p.chapter && p.heading === 1 && isChapterStart(text.paragraphs, p);
    if (first) opened.add(p.chapter);
    return paragraph(doc, p, features, first ? textAnchor(p.chapter) : null);
  });
  fill(host, finder(lines, text.paragraphs), h("div.full-text", { lang: "zh" }, lines), key());
  ready(counts, opened);
  returnTo(host, doc);
}

/** A table of contents names a chapter as well: the last paragraph that opens it is its beginning. */
function isChapterStart(all, p) {
  const opening = all.filter((o) => o.chapter === p.chapter && o.heading === 1 && all[o.number - 2]?.chapter !== p.chapter);
  return opening.at(-1) === p || (!opening.length && all.find((o) => o.chapter === p.chapter) === p);
}

function paragraph(doc, p, features, id) {
  const parts = [];
  let at = 0;
  p.places.forEach((place, i) => {
    parts.push(p.text.slice(at, place.start), link(doc, p.text.slice(place.start, place.end), place, features, `${p.number}-${i}`));
    at = place.end;
  });
  parts.push(p.text.slice(at));
  const tag = p.heading ? `h${Math.min(p.heading + 1, 4)}` : "p";
  return h(`${tag}.text-line`, { id, class: p.heading ? `is-heading-${p.heading}` : "", tabindex: "-1" }, parts);
}

function link(doc, text, place, features, key) {
  const known = place.features.map((f) => features.get(`${f.layer}/${f.id}`)).filter(Boolean).sort((a, b) => RANK(a) - RANK(b));
  const [best] = known;
  if (!best) return text;
  const told = known.map((f) => `${name(f)} · ${words(f, "layer_title")}${f.located ? "" : ` · ${t("search.unlocated")}`}`).join("\n");
  const kind = !best.located ? "is-unlocated" : best.evidence === "indicative" ? "is-indicative" : "";
  return h("a.place-link", { href: `/f/${best.layer}/${best.id}`, class: kind, title: told, "data-key": key, onclick: (e) => { e.preventDefault(); follow(doc, best, key); } }, text);
}

function follow(doc, f, key) {
  left = { doc: doc.id, key };
  state.set({ on: { ...state.get("on"), [f.layer]: true }, place: "map", placeId: null, tab: "overview", hits: null, selection: { layer: f.layer, id: f.id } });
  backButton(doc);
}

/** On the map: one step back to where the reader was. The browser's own way back does the same. */
function backButton(doc) {
  document.querySelector(".doc-back")?.remove();
  const bar = h("div.doc-back", { role: "region", "aria-label": t("text.back") },
    h("button.btn.secondary.small", { type: "button", onclick: () => state.set({ place: "docs", placeId: doc.id, tab: "text", selection: null }) }, icon("back"), h("span.clip", {}, t("text.backTo", { title: title(doc) }))),
    iconButton("close", t("text.stay"), { onclick: () => bar.remove() }));
  document.body.append(bar);
  const stop = state.on("place", () => {
    if (state.get("place") === "map") return;
    bar.remove();
    stop();
  });
}

function returnTo(host, doc) {
  if (left?.doc !== doc.id) return;
  const followed = host.querySelector(`[data-key="${left.key}"]`);
  left = null;
  followed?.scrollIntoView({ block: "center" });
  followed?.focus({ preventScroll: true });
}

const key = () => h("p.cap.key", {}, h("span.place-link", {}, t("docs.located")), h("span.place-link.is-indicative", {}, t("docs.indicative")), h("span.place-link.is-unlocated", {}, t("search.unlocated")));

/** Find words: Enter goes to the next paragraph that has them, Shift Enter to the one before. */
function finder(lines, paragraphs) {
  const said = h("span.cap", { role: "status" });
  let found = [];
  let at = -1;
  const go = (step) => {
    if (!found.length) return;
    lines[found[at]]?.classList.remove("is-here");
    at = (at + step + found.length) % found.length;
    lines[found[at]].classList.add("is-here");
    lines[found[at]].scrollIntoView({ block: "center" });
    said.textContent = t("text.found", { n: number(at + 1), all: number(found.length) });
  };
  const look = (words_) => {
    lines.forEach((line) => line.classList.remove("is-found", "is-here"));
    found = words_ ? paragraphs.flatMap((p, i) => (p.text.includes(words_) ? [i] : [])) : [];
    found.forEach((i) => lines[i].classList.add("is-found"));
    at = -1;
    said.textContent = words_ && !found.length ? t("text.notFound") : "";
    go(1);
  };
  const input = h("input.input", { type: "search", placeholder: t("text.find"), "aria-label": t("text.find"), oninput: () => look(input.value.trim()), onkeydown: (e) => { if (e.key === "Enter") go(e.shiftKey ? -1 : 1); } });
  return h("div.row.text-find", {}, h("div.grow", {}, input), said);
}
