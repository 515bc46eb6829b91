/** Upload: file → diagnosis and problems → submit. A draft never touches current data. */
import * as api from "../api.js";
import { ask } from "../commands.js";
import { button, byId, fill, h, keepFocus } from "../dom.js";
import { prepare } from "../features.js";
import { errorText, moment, t, title } from "../i18n.js";
import { collection, may } from "../catalogue.js";
import { state } from "../state.js";
import { empty, failure, meter, skeleton } from "./controls.js";
import { diagnosisPanel } from "./upload-diagnosis.js";
import { answered, answerWith, uploadForm } from "./upload-form.js";
import { followDifference, moreChanges, showExtent } from "./diff-follow.js";
import { changePanel } from "./review-changes.js";
import { returnedNote } from "./review-meetings.js";
import { mapKey, preview } from "./upload-preview.js";
import { groupsOf, pinsOf, problemPanel, submitFoot, submittedPanel } from "./upload-problems.js";
import { dropJob } from "../jobs.js";
import { followJob } from "./jobs.js";
import { openLogin } from "./login.js";
import { icon } from "./icons.js";
import { goTo } from "./topbar.js";

const POLL_MS = 700;
const FIRST = 1000; // changes asked for at once
const STEPS = ["file", "diagnosis", "problems", "diff", "submit"];
/** On a phone the diagnosis stands in the place of the map until it is put away again. */
const GO = { diagnosis: () => byId("page").classList.toggle("is-diagnosis"), problems: (id) => goTo("uploads", id), diff: (id) => goTo("uploads", `${id}/diff`) };

/** Where this file stands; steps that can be seen again are links. */
function steps(at, { id = null, open = [], says = t("upload.draft") } = {}) {
  const step = (key, i) => {
    const words = [h("span.step-dot", {}, i < at ? icon("check") : i + 1), " ", h("span", {}, t(`upload.step.${key}`))];
    const link = open.includes(key) && i !== at;
    return h("li", { "aria-current": i === at ? "step" : null, class: i < at ? "is-done" : "" }, link ? h("button.step-link", { type: "button", "aria-label": `${i < at ? "" : `${i + 1} `}${t(`upload.step.${key}`)}`, onclick: () => GO[key](id) }, words) : words);
  };
  return h("div.step-bar", {}, h("ol.steps", {}, STEPS.map(step)),
    h("span.grow"), h("p.cap.draft", {}, icon("info"), says),
    at > 0 && button("quiet", t("upload.again"), { onclick: () => goTo("uploads") }));
}

export function uploadPage(host) {
  if (!may("editor")) {
    const { principal } = state.get("session");
    const says = principal ? t("upload.noRight", { name: principal.name, role: t(`role.${principal.role}`) }) : t("upload.login");
    fill(host, steps(0), h("div.page-panel.left.panel", {}, empty(says, { iconName: "key", action: button("primary", t(principal ? "login.account" : "login.do"), { onclick: openLogin }) })));
    return null;
  }
  const [id, step] = (state.get("placeId") ?? "").split("/");
  if (!id) return start(host);
  return open(host, id, step);
}

/** A reader who leaves while the file is checked is told when it is done. */
function begun(upload) {
  const answers = answered();
  if (answers) sessionStorage.setItem(`answers-${upload.id}`, answers);
  answerWith(null);
  followJob("uploads", upload.id, upload.filename);
  goTo("uploads", upload.id);
}

function start(host) {
  state.set({ work: null });
  const list = h("div.panel-body.scroll", {}, skeleton(4));
  fill(host, steps(0), h("div.page-panel.left.panel", {}, uploadForm(begun)),
    h("div.page-panel.right.panel", { "data-covers": "right" }, h("div.panel-head", {}, h("h2", {}, t("upload.files"))), list));
  const load = () => api.get("uploads", { limit: 50 }).then(({ uploads }) => {
    fill(list, uploads.length ? h("ul.work-list", {}, uploads.map(line)) : empty(t("upload.lead"), { iconName: "upload" }));
  }).catch((error) => fill(list, failure(errorText(error), load, t("action.retry"))));
  load();
  return null;
}

/** [how it looks, what it says]: where a file stands. */
function standing(u) {
  if (u.returned) return ["bad", t("review.rejectedStatus")];
  if (u.status === "failed") return ["bad", t("upload.chip.failed")];
  if (u.status === "diagnosing") return ["", t("upload.chip.diagnosing")];
  if (u.decision?.status === "published") return ["ok", t("upload.chip.published", { v: u.decision.version })];
  if (u.status === "submitted") return ["ind", t("review.submitted")];
  return u.errors ? ["bad", t("upload.mustn", { n: u.errors })] : ["", t("review.draft")];
}

function line(u) {
  const [tone, says] = standing(u);
  return h("li", {}, h("button.work-row", { type: "button", onclick: () => goTo("uploads", u.id) }, icon("document"),
    h("span.grow.search-names", {}, h("span.clip", {}, u.filename), h("span.cap", {}, `${title(collection(u.layer) ?? { id: u.layer })} · ${moment(u.created_at)}`)),
    h("span.chip", { class: tone }, says)));
}

function open(host, id, step) {
  let live = true;
  const left = h("div.page-panel.left.panel", { "data-covers": "left" }, skeleton(8));
  const right = h("div.page-panel.right.panel", { "data-covers": "right" }, skeleton(8));
  fill(host, steps(1), left, right);
  const checking = checkingPanel(left, id);
  const show = (upload) => live && drawUpload({ host, left, right, upload, step, again: (said) => correct(id, said, { show, checking, left }) });
  poll(id, show, () => live, checking).catch((error) => live && missing(left, right, error));
  return () => { live = false; stopFollowing(); };
}

function missing(left, right, error) {
  right.remove();
  const gone = error.status === 404;
  const back = button("secondary", t("upload.back"), { onclick: () => goTo("uploads") });
  fill(left, gone ? empty(errorText(error), { iconName: "document", action: back }) : failure(errorText(error), () => state.announce("placeId"), t("action.retry")));
}

/** What the check is doing, and the way to stop it: nothing of the file stays then. */
function checkingPanel(left, id) {
  const bar = meter(t("upload.diagnosing"));
  const words = h("p", { role: "status" });
  const problem = h("p.field-error", { role: "alert" });
  const cancel = button("secondary", t("upload.cancel"), {
    onclick: async () => {
      cancel.disabled = true;
      try {
        await api.remove(`uploads/${id}`);
        dropJob(id);
        goTo("uploads");
      } catch (error) {
        problem.textContent = errorText(error);
        cancel.disabled = false;
      }
    },
  });
  return (upload) => {
    const at = upload.progress;
    const say = (state.get("lang") === "zh" ? at?.message_zh : at?.message) ?? t("upload.diagnosing");
    words.textContent = at?.of ? `${say} · ${at.number}/${at.of}` : say;
    bar.show(at?.share ?? null);
    if (left.contains(words)) return;
    fill(left, h("div.panel-head.tall", {}, h("div.grow", {}, h("p.cap", {}, t("upload.diagnosing")), h("h2.clip", { title: upload.filename }, upload.filename))),
      h("div.panel-body.pad.stack", {}, words, bar.node, h("p.cap", {}, t("upload.leave")), problem), h("div.panel-foot", {}, cancel));
  };
}

async function poll(id, show, going, checking) {
  for (;;) {
    const upload = await api.get(`uploads/${id}`);
    if (!going()) return;
    if (upload.status !== "diagnosing") {
      show(upload);
      return;
    }
    checking(upload);
    await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
  }
}

async function correct(id, said, { show, checking, left }) {
  left.setAttribute("aria-busy", "true");
  try {
    await api.patch(`uploads/${id}`, said, { headers: { Prefer: "wait=1" } });
    await poll(id, show, () => state.get("placeId")?.startsWith(id), checking);
  } catch (error) {
    left.querySelector(".inline-error")?.remove();
    left.prepend(failure(errorText(error), () => correct(id, said, { show, checking, left }), t("action.retry")));
  } finally {
    left.removeAttribute("aria-busy");
  }
}

let stopFollowing = () => {};
const isMine = (upload) => upload.author === state.get("session").principal?.name || may("admin");

function drawUpload({ host, left, right, upload, step, again }) {
  stopFollowing();
  const sent = upload.status === "submitted";
  const differs = step === "diff" && upload.status === "diagnosed" && !upload.errors;
  const { status: decided, version } = upload.decision ?? {};
  const says = decided === "published" ? t("upload.published", { v: version }) : sent ? t("upload.sentNote") : undefined;
  const failed = upload.status === "failed";
  const seen = sent || failed ? [] : ["diagnosis", "problems", ...(upload.errors ? [] : ["diff"])];
  host.querySelector(".step-bar").replaceWith(steps(sent ? 5 : failed ? 1 : differs ? 3 : 2, { id: upload.id, open: seen, says }));
  keepFocus(left, () => fill(left, diagnosisPanel(upload, again)));
  if (sent || !isMine(upload)) for (const control of left.querySelectorAll("input, select, button")) control.disabled = true;
  if (sent || failed) left.before(right); // the news stands first, where one panel follows the other
  if (sent) fill(right, submittedPanel(upload));
  else if (differs) showDifference(host, right, upload);
  else showProblems(host, right, { upload, again });
}

function showProblems(host, right, { upload, again }) {
  const groups = groupsOf(upload.problems ?? []);
  fill(right, problemPanel(upload, groups, { again }));
  if (upload.returned) right.querySelector(".panel-head")?.after(returnedNote(upload, () => { answerWith(upload); goTo("uploads"); }));
  const key = mapKey(host, groups);
  const stopPicks = state.on("pinPicked", () => document.getElementById(`problem-${state.get("pinPicked")}`)?.scrollIntoView({ block: "center" }));
  const follow = upload.diagnosis?.extent && upload.status !== "failed" ? preview(upload, groups, key) : null;
  if (!follow) state.set({ work: { kind: "upload", features: [], pins: pinsOf(groups) } });
  stopFollowing = () => { stopPicks(); follow?.(); key.remove(); };
}

/** What publishing it would change: a link to it can be given to anyone who may see it. */
async function showDifference(host, right, upload) {
  const path = `uploads/${upload.id}/diff`;
  let left = false;
  stopFollowing = () => { left = true; };
  fill(right, skeleton(8));
  try {
    const diff = await api.get(path, { limit: FIRST });
    if (left) return;
    diff.features.features.forEach(prepare);
    const following = followDifference(path, diff);
    stopFollowing = following.stop;
    const choose = (f) => {
      following.choose(f);
      if (f.box) ask("reveal", f.box);
    };
    fill(right, changePanel({ ...upload, summary: diff.summary }, diff, { choose, more: (which) => moreChanges(path, which), only: following.only, held: true }), submitFoot(upload, (note) => submit(upload, note)));
    showExtent(diff);
  } catch (error) {
    if (!left) fill(right, failure(errorText(error), () => showDifference(host, right, upload), t("action.retry")));
  }
}

async function submit(upload, note) {
  const changeset = await api.post(`uploads/${upload.id}/submit`, { note, answers: sessionStorage.getItem(`answers-${upload.id}`) });
  followJob("changesets", changeset.id, note || upload.filename);
  goTo("uploads", upload.id);
  state.announce("placeId");
  return changeset;
}
