/** Review: what waits, what each changeset does on the map, approve or return. */
import * as api from "../api.js";
import { collection, may, refreshCatalogue } from "../catalogue.js";
import { ask } from "../commands.js";
import { button, fill, h, iconButton } from "../dom.js";
import { prepare } from "../features.js";
import { errorText, moment, t, title } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { empty, failure, skeleton } from "./controls.js";
import { followDifference, moreChanges, showExtent } from "./diff-follow.js";
import { openDialog } from "./dialog.js";
import { icon } from "./icons.js";
import { openLogin } from "./login.js";
import { changePanel } from "./review-changes.js";
import { isBlocked, meetings } from "./review-meetings.js";
import { toast } from "./toast.js";
import { goTo } from "./topbar.js";

const FIRST = 1000; // changes asked for at once
const WAITS = ["submitted", "approved"]; // approved, and still here: its publication was cut off
const TONE = { submitted: "ind", published: "ok", approved: "ok", rejected: "bad" };
const comments = new Map(); // changeset -> what the reviewer has written so far
const STATUS = { submitted: "review.submitted", approved: "review.approvedStatus", published: "review.published", rejected: "review.rejectedStatus", draft: "review.draft" };

async function countWaiting() {
  if (!may("editor")) return state.set({ waiting: 0 });
  const { changesets } = await api.get("changesets", { status: "submitted" }, { quiet: true });
  return state.set({ waiting: changesets.length });
}

const changeCount = ({ summary: s = {} }) => (s.adds ?? 0) + (s.changes ?? 0) + (s.removes ?? 0);

function row(c) {
  return h("li", {}, h("button.work-row", { type: "button", "data-changeset": c.id, onclick: () => goTo("reviews", c.id) }, icon("layers"),
    h("span.grow.search-names", {}, h("span.clip.strong", {}, c.note || c.filename || c.id), h("span.cap", {}, `${title(collection(c.layer) ?? { id: c.layer })} · ${c.author} · ${moment(c.submitted_at)}`), c.status === "rejected" && h("span.cap.clip", { title: c.reason }, t("review.why", { reason: c.reason }))),
    h("span.cap.num", {}, t("review.changes", { n: number(changeCount(c)) })), h("span.chip", { class: TONE[c.status] }, t(STATUS[c.status] ?? "review.draft"))));
}

function list(host) {
  state.set({ work: null });
  const body = h("div.panel-body.scroll", {}, skeleton(5));
  fill(host, h("div.page-panel.left.panel.list-panel", { "data-covers": "left" }, h("div.panel-head", {}, h("h2", {}, t("review.title"))), body));
  const load = () => api.get("changesets").then(({ changesets }) => {
    const waiting = changesets.filter((c) => WAITS.includes(c.status));
    const done = changesets.filter((c) => !WAITS.includes(c.status));
    const group = (key, items) => (items.length ? [h("h3.list-head", {}, t(key), h("span.count", {}, items.length)), h("ul.work-list", {}, items.map(row))] : null);
    fill(body, changesets.length ? [group("review.waiting", waiting), group("review.done", done)] : empty(t("review.none"), { iconName: "check", note: t("review.none.say") }));
  }).catch((error) => fill(body, failure(errorText(error), load, t("action.retry"))));
  load();
}

export function reviewPage(host) {
  if (!may("editor")) {
    fill(host, h("div.page-panel.left.panel", {}, empty(t("review.login"), { iconName: "key", action: button("primary", t("login.do"), { onclick: openLogin }) })));
    return null;
  }
  countWaiting().catch(() => {});
  if (!state.get("placeId")) return list(host) ?? null;
  return open(host, state.get("placeId"));
}

function open(host, id) {
  let live = true;
  let following = null;
  const bar = h("div.step-bar", {}, iconButton("back", t("review.back"), { onclick: () => goTo("reviews") }));
  const panel = h("div.page-panel.right.panel", { "data-covers": "right" }, skeleton(8));
  fill(host, bar, panel);
  const load = async (of = {}) => {
    const [c, diff] = await Promise.all([api.get(`changesets/${id}`), api.get(`changesets/${id}/diff`, { ...of, limit: FIRST })]);
    const earlier = c.previous ? await api.get(`changesets/${c.previous}`) : null;
    if (!live) return;
    following?.stop();
    following = draw({ bar, panel, changeset: c, diff, earlier, of, again });
  };
  const back = () => button("secondary", t("review.back"), { onclick: () => goTo("reviews") });
  const failed = (error, of) => (error.status === 404
    ? empty(errorText(error), { iconName: "document", action: back() })
    : failure(errorText(error), () => again(of), t("action.retry")));
  const again = (of) => load(of).catch((error) => live && fill(panel, failed(error, of)));
  again({});
  return () => {
    live = false;
    following?.stop();
  };
}

function draw({ bar, panel, changeset: c, diff, earlier, of, again }) {
  const name = c.note || c.filename || title(collection(c.layer));
  fill(bar, iconButton("back", t("review.back"), { onclick: () => goTo("reviews") }), h("h1.bar-title.clip", {}, name),
    h("span.chip", { class: TONE[c.status] }, t(STATUS[c.status] ?? "review.draft")),
    h("span.cap.clip", {}, `${title(collection(c.layer))} · ${t("review.by", { who: c.author, when: moment(c.submitted_at), n: c.base_version })}`));
  diff.features.features.forEach(prepare);
  const path = `changesets/${c.id}/diff`;
  const following = followDifference(path, diff, of);
  const choose = (f) => {
    following.choose(f);
    if (f.box) ask("reveal", f.box);
  };
  const changes = changePanel(c, diff, { choose, more: (which) => moreChanges(path, which, of), only: following.only, held: !of.since });
  const met = meetings(c, earlier, { since: of.since, change: (since) => again(since ? { since } : {}) });
  if (met) changes.prepend(met);
  fill(panel, changes, decision(c, diff));
  showExtent(diff);
  return following;
}

/** Its author goes on from a returned one to what it was made of. */
function returned(c) {
  const mine = c.upload && state.get("session").principal?.name === c.author;
  return h("div.panel-foot.stacked", {}, h("p.ind-note", {}, `${t("meet.returned", { who: c.approver, when: moment(c.decided_at) })} ${c.reason}`),
    mine && h("div.row", {}, h("span.grow"), button("primary", t("review.correct"), { "data-act": "correct", onclick: () => goTo("uploads", c.upload) })));
}

function decision(c, diff) {
  if (c.status === "rejected") return returned(c);
  if (!WAITS.includes(c.status)) return h("div.panel-foot", {}, h("span.grow"), button("primary", t("review.see"), { onclick: () => seeOnMap(c.layer, diff) }));
  if (state.get("session").principal?.name === c.author) return h("div.panel-foot", {}, h("p.ind-note", {}, t("review.own")));
  if (!may("reviewer")) return h("div.panel-foot", {}, h("p.ind-note", {}, t("review.role")));
  return decisionForm(c, diff);
}

function decisionForm(c, diff) {
  const comment = h("textarea.input", { rows: "2", placeholder: t("review.comment"), "aria-label": t("review.comment"), maxlength: "2000", value: comments.get(c.id) ?? "", oninput: () => comments.set(c.id, comment.value) });
  const out = h("div.field-error", { role: "alert" });
  const guarded = (act) => async (event) => {
    const control = event.currentTarget;
    control.disabled = true;
    out.replaceChildren();
    await act().catch((error) => fill(out, errorText(error)));
    control.disabled = false;
  };
  const reject = async () => {
    if (!comment.value.trim()) {
      fill(out, t("review.reason"));
      comment.focus();
      return;
    }
    await api.post(`changesets/${c.id}/reject`, { reason: comment.value.trim() });
    toast(t("review.rejected"));
    goTo("reviews");
  };
  return h("div.panel-foot.stacked", {}, comment, out, h("div.row", {}, button("danger", t("review.reject"), { onclick: guarded(reject) }), h("span.grow"),
    button("primary", t("review.approve"), { "data-act": "approve", disabled: isBlocked(c), title: isBlocked(c) ? t("meet.blocked") : null, onclick: () => confirm(c, diff, comment.value, out) }, "check")));
}

function confirm(c, diff, note, out) {
  const layer = title(collection(c.layer));
  const act = async (event) => {
    event.currentTarget.disabled = true;
    try {
      const { version } = await api.post(`changesets/${c.id}/approve`, { note });
      await refreshCatalogue();
      toast(t("review.approved", { layer, v: version.number, n: number(changeCount(c)) }), h("button.link.on-toast", { type: "button", onclick: () => seeOnMap(c.layer, diff) }, t("review.see")));
      goTo("reviews");
    } catch (error) {
      fill(out, errorText(error));
    }
    dialog.close();
  };
  const dialog = openDialog({ title: t("review.approve"), body: h("p", {}, t("review.confirm", { n: number(changeCount(c)), layer })),
    foot: [h("span.grow"), button("secondary", t("action.cancel"), { onclick: () => dialog.close() }), button("primary", t("review.approve"), { "data-act": "publish", onclick: act })] });
}

function seeOnMap(layer, diff) {
  state.set({ place: "map", placeId: null, on: { ...state.get("on"), [layer]: true } });
  const box = diff.features.features.find((f) => f.box)?.box;
  if (box) ask("layer", layer);
}
