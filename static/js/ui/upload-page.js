/** Upload: file → diagnosis and problems → submit. A draft never touches current data. */
import * as api from "../api.js";
import { may } from "../catalogue.js";
import { ask } from "../commands.js";
import { button, fill, h } from "../dom.js";
import { errorText, moment, t, title } from "../i18n.js";
import { collection } from "../catalogue.js";
import { state } from "../state.js";
import { empty, failure, meter, skeleton } from "./controls.js";
import { diagnosisPanel } from "./upload-diagnosis.js";
import { uploadForm } from "./upload-form.js";
import { groupsOf, pinsOf, problemPanel } from "./upload-problems.js";
import { dropJob } from "../jobs.js";
import { followJob } from "./jobs.js";
import { openLogin } from "./login.js";
import { icon } from "./icons.js";
import { goTo } from "./topbar.js";

const POLL_MS = 700;
const PREVIEW = 10_000;
const STEPS = ["file", "diagnosis", "problems", "submit"];

function steps(at) {
  return h("div.step-bar", {}, h("ol.steps", {}, STEPS.map((key, i) => h("li", { "aria-current": i === at ? "step" : null, class: i < at ? "is-done" : "" },
    h("span.step-dot", {}, i < at ? icon("check") : i + 1), h("span", {}, t(`upload.step.${key}`))))),
  h("span.grow"), h("p.cap.draft", {}, icon("info"), t("upload.draft")),
  at > 0 && button("quiet", t("upload.again"), { onclick: () => goTo("uploads") }));
}

export function uploadPage(host) {
  if (!may("editor")) {
    fill(host, steps(0), h("div.page-panel.left.panel", {}, empty(t("upload.login"), { iconName: "key", action: button("primary", t("login.do"), { onclick: openLogin }) })));
    return null;
  }
  const id = state.get("placeId");
  if (!id) return start(host);
  return open(host, id);
}

/** A reader who leaves while the file is checked is told when it is done. */
function begun(upload) {
  followJob("uploads", upload.id, upload.filename);
  goTo("uploads", upload.id);
}

function start(host) {
  state.set({ work: null });
  const list = h("div.panel-body.scroll", {}, skeleton(4));
  fill(host, steps(0), h("div.page-panel.left.panel", {}, uploadForm(begun)),
    h("div.page-panel.right.panel", { "data-covers": "right" }, h("div.panel-head", {}, h("h2", {}, t("upload.list"))), list));
  api.get("uploads", { limit: 50 }).then(({ uploads }) => {
    fill(list, uploads.length ? h("ul.work-list", {}, uploads.map(line)) : empty(t("upload.lead"), { iconName: "upload" }));
  }).catch((error) => fill(list, failure(errorText(error))));
  return null;
}

function line(u) {
  return h("li", {}, h("button.work-row", { type: "button", onclick: () => goTo("uploads", u.id) }, icon("document"),
    h("span.grow.search-names", {}, h("span.clip", {}, u.filename), h("span.cap", {}, `${title(collection(u.layer) ?? { id: u.layer })} · ${moment(u.created_at)}`)),
    u.errors ? h("span.chip.bad", {}, t("upload.mustn", { n: u.errors })) : h("span.chip", { class: u.status === "submitted" ? "ok" : "" }, u.status === "submitted" ? t("review.submitted") : t("review.draft"))));
}

function open(host, id) {
  let live = true;
  const left = h("div.page-panel.left.panel", { "data-covers": "left" }, skeleton(8));
  const right = h("div.page-panel.right.panel", { "data-covers": "right" }, skeleton(8));
  fill(host, steps(1), left, right);
  const checking = checkingPanel(left, id);
  const show = (upload) => live && drawUpload({ host, left, right, upload, again: (said) => correct(id, said, { show, checking, left }) });
  poll(id, show, () => live, checking).catch((error) => live && fill(left, failure(errorText(error), () => state.announce("placeId"), t("action.retry"))));
  return () => { live = false; stopPicks(); };
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
    fill(left, h("div.panel-head.tall", {}, h("div.grow", {}, h("p.cap", {}, t("upload.diagnosing")), h("h2.clip", {}, upload.filename))),
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
    await poll(id, show, () => state.get("placeId") === id, checking);
  } catch (error) {
    left.prepend(failure(errorText(error)));
  } finally {
    left.removeAttribute("aria-busy");
  }
}

let stopPicks = () => {};

function drawUpload({ host, left, right, upload, again }) {
  const bar = host.querySelector(".step-bar");
  bar.replaceWith(steps(upload.status === "submitted" ? 4 : upload.errors ? 2 : 3));
  const groups = groupsOf(upload.problems ?? []);
  fill(left, diagnosisPanel(upload, again));
  const panel = problemPanel(upload, groups, { again, submit: (note) => submit(upload, note) });
  fill(right, panel);
  state.set({ work: { kind: "upload", features: [], pins: pinsOf(groups) } });
  stopPicks();
  stopPicks = state.on("pinPicked", () => document.getElementById(`problem-${state.get("pinPicked")}`)?.scrollIntoView({ block: "center" }));
  if (upload.diagnosis?.extent && upload.status !== "failed") preview(upload, groups);
}

async function preview(upload, groups) {
  const body = await api.get(`uploads/${upload.id}/items`, { limit: PREVIEW }).catch(() => null);
  if (!body || state.get("placeId") !== upload.id) return;
  state.set({ work: { kind: "upload", features: body.features, pins: pinsOf(groups) } });
  ask("fit", upload.diagnosis.extent);
}

async function submit(upload, note) {
  const changeset = await api.post(`uploads/${upload.id}/submit`, { note });
  followJob("changesets", changeset.id, note || upload.filename);
  state.announce("placeId");
  return changeset;
}
