/** What a changeset meets before anybody decides: other open ones, what was published since, what was returned before. */
import { h } from "../dom.js";
import { joined, moment, t } from "../i18n.js";
import { number } from "../lib/format.js";
import { segmented } from "./controls.js";
import { icon } from "./icons.js";
import { goTo } from "./topbar.js";

const NAMED = 6;
const ids = (list) => `${joined(list.slice(0, NAMED))}${list.length > NAMED ? " …" : ""}`;
const open = (id, text) => h("button.btn.quiet.small", { type: "button", onclick: () => goTo("reviews", id) }, text);
const note = (tone, name, words, act) => h(`div.meeting.${tone}`, {}, icon(name), h("div.grow", {}, words), act);

/** Others on the same features: the two cannot both be published as they are. */
const other = (o) => note("ind", "warning", [h("p", {}, t("meet.other", { who: o.author, when: moment(o.submitted_at), n: number(o.conflict_count) })), h("p.cap", {}, ids(o.conflicts))], open(o.id, t("jobs.open")));

/** Versions between: harmless while no feature is shared, else in the way. */
function stale({ current_version: v, conflict_count: n, conflicts }, base) {
  if (!n) return note("ok", "info", h("p", {}, t("meet.rebased", { v, base })), null);
  return note("bad", "warning", [h("p", {}, t("meet.stale", { v, base, n: number(n) })), h("p.cap", {}, ids(conflicts))], null);
}

export const isBlocked = (c) => Boolean(c.stale?.conflict_count);

/** `earlier`: the returned changeset that this one stands for; `since` tells which comparison is shown. */
function before(earlier, { since, change }) {
  return h("div.meeting.soft", {}, icon("history"), h("div.grow.stack", {}, h("p", {}, t("meet.returned", { who: earlier.approver, when: moment(earlier.decided_at) })), h("p.strong.quoted", {}, earlier.reason),
    segmented({ label: t("meet.compare"), small: true, value: since ?? "", options: [["", t("meet.all")], ["previous", t("meet.since")]], change: (v) => change(v || null) })));
}

export function meetings(c, earlier, chosen) {
  const all = [earlier && before(earlier, chosen), c.stale && stale(c.stale, c.base_version), ...(c.conflicts_with ?? []).map(other)].filter(Boolean);
  return all.length ? h("section.meetings", { "aria-label": t("meet.label") }, all) : null;
}

/** To whoever sent it: why it came back, and the ways on. */
export function returnedNote({ returned, id }, answer) {
  return h("div.meeting.bad", { role: "note" }, icon("warning"), h("div.grow.stack", {}, h("p", {}, t("meet.returned", { who: returned.reviewer, when: moment(returned.at) })), h("p.strong.quoted", {}, returned.reason),
    h("p.cap", {}, t("meet.correct")),
    h("div.row.wrap", {}, h("button.btn.secondary.small", { type: "button", "data-act": "other-file", onclick: () => answer(id) }, t("meet.file")), open(returned.changeset, t("meet.see")))));
}
