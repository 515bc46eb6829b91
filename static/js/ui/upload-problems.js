/** The problem list: grouped by what must, should or was done; numbers equal the pins. */
import * as api from "../api.js";
import { append, button, byId, fill, h } from "../dom.js";
import { ask } from "../commands.js";
import { errorText, lang, t } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { empty, failure } from "./controls.js";
import { icon } from "./icons.js";
import { pinSymbol } from "../pin-symbol.js";
import { goTo } from "./topbar.js";

const PLACES_LISTED = 12;
const PLACES_MORE = 60;
const PINS_PER_GROUP = 60;
const kindOf = (p) => (p.repaired || /_repaired$/.test(p.code) ? "repaired" : p.severity);
const ORDER = ["error", "warning", "repaired"];
const HEADS = { error: "upload.must", warning: "upload.should", repaired: "upload.fixed" };

/** [{number, kind, code, items}], must-fix first. */
export function groupsOf(problems) {
  const groups = new Map();
  for (const p of problems) {
    const key = `${kindOf(p)}/${p.code}`;
    if (!groups.has(key)) groups.set(key, { kind: kindOf(p), code: p.code, items: [] });
    groups.get(key).items.push(p);
  }
  const all = [...groups.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.items.length - a.items.length);
  return all.map((g, i) => ({ ...g, number: i + 1 }));
}

/** So many of each, from the first to the last: they lie all over the file. */
function spread(items) {
  const step = Math.max(1, items.length / PINS_PER_GROUP);
  return Array.from({ length: Math.min(items.length, PINS_PER_GROUP) }, (_, i) => items[Math.floor(i * step)]);
}

export const pinsOf = (groups) => groups.flatMap((g) => spread(g.items.filter((p) => p.place)).map((p) => ({ number: g.number, kind: g.kind, place: p.place })));

const message = (p) => (lang() === "zh" ? p.message_zh : p.message);
const remedy = (p) => (lang() === "zh" ? p.remedy_zh : p.remedy);

/** Ids that we made up say nothing to whoever drew the file: its order does. */
const MADE_UP = /-[0-9a-f]{12}(-\d+)?$/;
const numberOf = (p) => (Number.isInteger(p.index) ? p.index + 1 : "");
export const labelOf = (p) => (p.feature && !MADE_UP.test(p.feature) ? p.feature : numberOf(p) ? `#${numberOf(p)}` : "—");

function place(p) {
  const label = labelOf(p);
  const go = () => {
    state.set({ work: { ...state.get("work"), chosen: p.feature } });
    if (p.place) ask("go", { lng: p.place[0], lat: p.place[1], zoom: 17 });
  };
  return h("li", {}, h("button.place-chip", { type: "button", title: message(p), onclick: go, disabled: !p.place && !p.feature }, label));
}

/** What an option of the upload is called in the diagnosis beside. */
const BLOCKS = { crs: "crs", encoding: "encoding", mapping: "mapping", heading_row: "heading", source_layer: "source-layer", convert: "conversion" };

/** The diagnosis comes to the front on a phone; the control that settles the problem is stood on. */
function decide(block) {
  const page = byId("page");
  page.classList.add("is-diagnosis");
  block.scrollIntoView({ block: "center" });
  block.querySelector("input:checked, [data-act], input, select, button")?.focus();
}

/** The remedy as something to press: done at once where only one answer fits, else the place to choose. */
function control({ option }, { upload, again }) {
  const [key, value] = (option ?? "").split("=");
  if (key === "crs" && upload.diagnosis.crs_evidence?.source === "requested") return null; // somebody has settled it
  if (key === "crs" && value) return button("secondary small", t("upload.crs.confirm", { crs: value.replace(":yx", " ⇄") }), { "data-act": "settle", onclick: (e) => { e.currentTarget.disabled = true; again({ crs: value }); } });
  const block = BLOCKS[key] && document.querySelector(`#page [data-block="${BLOCKS[key]}"]`);
  return block && button("secondary small", t("upload.decide"), { "data-act": "decide", onclick: () => decide(document.querySelector(`#page [data-block="${BLOCKS[key]}"]`)) });
}

function groupRow(g, count, { upload, again }) {
  const { id } = upload;
  const [first] = g.items;
  const listed = g.items.filter((p) => p.feature || p.place);
  return h("li.problem", { id: `problem-${g.number}`, "data-code": g.code }, pinSymbol(g.kind, g.number),
    h("div.grow", {}, h("div.row.between", {}, h("p.strong", {}, message(first)), h("span.cap.num", {}, `× ${number(count)}`)), h("p.soft", {}, remedy(first)), control(first, { upload, again }),
      listed.length ? places(g, listed, { count, id }) : null));
}

/** Where a problem is found: some at first, then page by page, all of them in the end. */
function places(g, listed, { count, id }) {
  const box = h("ul.places", {}, listed.slice(0, PLACES_LISTED).map(place));
  let asked = 0; // how far the whole list has been read
  const more = async (event) => {
    const control = event.currentTarget;
    control.disabled = true;
    try {
      const { problems } = await api.get(`uploads/${id}/problems`, { code: g.code, limit: PLACES_MORE, offset: asked || null });
      asked += problems.length;
      fill(box, asked === problems.length ? null : [...box.querySelectorAll(".place-chip")].map((chip) => chip.parentElement), problems.map(place), rest());
    } catch (error) {
      control.replaceWith(h("span.field-error", {}, errorText(error)));
    }
  };
  const rest = () => {
    const left = count - (asked || Math.min(listed.length, PLACES_LISTED));
    return left > 0 && h("li", {}, h("button.link", { type: "button", onclick: more }, t("upload.places", { n: number(left) })));
  };
  append(box, [rest()]);
  return box;
}

function section(kind, groups, upload, again) {
  const own = groups.filter((g) => g.kind === kind);
  if (!own.length) return null;
  const countOf = (g) => Math.max(g.items.length, upload.codes?.[g.code] ?? 0);
  return h("section", {}, h("h3.problem-head", { class: kind }, t(HEADS[kind]), h("span.count", {}, number(own.reduce((n, g) => n + countOf(g), 0)))),
    h("ul", {}, own.map((g) => groupRow(g, countOf(g), { upload, again }))));
}

/** What the service repairs when it is asked to, each type by itself. */
const REPAIRABLE = ["invalid_geometry", "duplicate_id", "malformed_value", "unknown_scheme", "wrong_geometry_type", "unreadable_geometry", "invalid_coordinate"];

function repairs(upload, groups, again) {
  const asked = Array.isArray(upload.options?.repair) ? upload.options.repair : [];
  const offered = groups.filter((g) => g.kind === "error" && REPAIRABLE.includes(g.code) && !asked.includes(g.code));
  const offer = (g) => button("secondary", t(`upload.repair.${g.code}`, { n: number(Math.max(g.items.length, upload.codes?.[g.code] ?? 0)) }), {
    "data-act": "repair", "data-code": g.code,
    onclick: (e) => {
      e.currentTarget.setAttribute("aria-busy", "true");
      for (const other of e.currentTarget.parentElement.children) other.disabled = true;
      again({ repair: [...asked, g.code] });
    },
  });
  return offered.length ? h("div.row.wrap", {}, offered.map(offer)) : null;
}

function foot(upload, groups, { again }) {
  const next = button("primary", t("upload.seeDiff"), { disabled: upload.errors > 0, "data-act": "diff", onclick: () => goTo("uploads", `${upload.id}/diff`) });
  return h("div.panel-foot.stacked", {}, upload.errors > 0 ? h("p.ind-note", {}, t("upload.blocked", { n: number(upload.errors) })) : null,
    repairs(upload, groups, again),
    h("div.row", {}, h("a.btn.secondary", { href: api.url(`uploads/${upload.id}/problems`, { f: "csv", lang: lang() }), download: `${upload.filename}-problems.csv` }, icon("download"), h("span", {}, t("upload.list"))), h("span.grow"), next));
}

const notes = new Map(); // upload -> the word to the reviewer, so far

/** The last step: a word to the reviewer, and off it goes. */
export function submitFoot(upload, submit) {
  const note = h("input.input", { type: "text", placeholder: t("upload.note"), "aria-label": t("upload.note"), maxlength: "500", value: notes.get(upload.id) ?? "", oninput: () => notes.set(upload.id, note.value) });
  const out = h("div.field-error", { role: "alert" });
  const send = button("primary", t("upload.submit"), { disabled: upload.errors > 0 || upload.status !== "diagnosed" });
  send.addEventListener("click", async () => {
    send.disabled = true;
    send.setAttribute("aria-busy", "true");
    try {
      await submit(note.value);
    } catch (error) {
      fill(out, errorText(error));
      send.disabled = false;
      send.removeAttribute("aria-busy");
    }
  });
  return h("div.panel-foot.stacked", {}, note, out, h("div.row", {}, button("quiet", t("upload.step.problems"), { onclick: () => goTo("uploads", upload.id) }, "back"), h("span.grow"), send));
}

export function problemPanel(upload, groups, acts) {
  if (upload.status === "failed") return failedPanel(upload);
  const total = upload.errors + upload.warnings;
  return [
    h("div.panel-head.tall", {}, h("div", {}, h("p.cap", {}, t("upload.step.problems")), h("h2", {}, total ? t("upload.problems", { n: number(total), e: number(upload.errors) }) : t("upload.noproblems")))),
    h("div.panel-body.scroll.problems", {}, ORDER.map((kind) => section(kind, groups, upload, acts.again)), total ? null : empty(t("upload.noproblems.say"), { iconName: "check" })),
    foot(upload, groups, acts),
  ];
}

function failedPanel(upload) {
  const problem = upload.refusal ?? {};
  return [h("div.panel-head.tall", {}, h("div", {}, h("p.cap", {}, t("upload.diagnosis")), h("h2", {}, t("upload.failed")))),
    h("div.panel-body.pad.stack", {}, failure((lang() === "zh" ? problem.detail_zh : problem.detail) ?? t("error.unexpected")), h("p.soft", {}, t("upload.failed.say"))),
    h("div.panel-foot", {}, h("span.grow"), button("primary", t("upload.again"), { onclick: () => goTo("uploads") }))];
}

/** Where a file stands once it has been handed in: with the reviewer, or published. */
export function submittedPanel(upload) {
  const { status, version, approver } = upload.decision ?? {};
  const published = status === "published";
  const says = published ? t("upload.published.say", { v: version, who: approver }) : t("upload.submitted", { id: upload.changeset });
  const see = button(published ? "secondary" : "primary", t("upload.seeReview"), { onclick: () => goTo("reviews", upload.changeset) });
  return [h("div.panel-head.tall", {}, h("div", {}, h("p.cap", {}, t("upload.step.submit")), h("h2", {}, published ? t("upload.published", { v: version }) : t("upload.waits")))),
    h("div.panel-body", {}, empty(says, { iconName: "check", action: see }))];
}
