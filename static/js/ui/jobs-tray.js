/** The list of what runs and what is done: progress, cancel, the result. */
import * as api from "../api.js";
import { fill, h, iconButton } from "../dom.js";
import { cancelExport, fetchAgain } from "../exporting.js";
import { errorText, lang, moment, t } from "../i18n.js";
import { dropEnded, dropJob, WAITING } from "../jobs.js";
import { bytes } from "../lib/format.js";
import { state } from "../state.js";
import { meter } from "./controls.js";
import { icon } from "./icons.js";
import { openJob, SAYS } from "./job-places.js";
import { goTo } from "./topbar.js";

const KIND = { exports: "download", uploads: "upload", changesets: "layers" };
let box = null;

function progress(job) {
  const bar = meter(job.name);
  bar.show(job.whole ? job.got / job.whole : job.part);
  return bar.node;
}

function runs(job) {
  if (job.kind === "uploads") return job.step?.[lang()] ?? t("upload.diagnosing");
  if (!job.got) return t("jobs.making");
  return job.whole ? t("jobs.coming", { got: bytes(job.got), whole: bytes(job.whole) }) : bytes(job.got);
}

function says(job) {
  if (job.status === "running") return runs(job);
  if (job.status === "sent") return t("jobs.sent");
  if (job.status === "cancelled") return t("jobs.cancelled");
  if (job.kind !== "exports") return t(SAYS[job.ended] ?? "jobs.checked", { name: "" }).replace(/^[“”"\s]+/, "");
  if (job.status === "failed") return job.says?.[lang()] ?? t("error.unexpected");
  return `${t("jobs.done")} · ${bytes(job.got)} · ${moment(new Date(job.at).toISOString())}`;
}

async function cancel(job) {
  if (job.kind === "exports") {
    cancelExport(job.id);
    return;
  }
  await api.remove(`uploads/${job.id}`);
  dropJob(job.id);
  if (state.get("placeId") === job.id) goTo("uploads");
}

function acts(job) {
  const small = (kind, text, act) => h(`button.btn.${kind}.small`, { type: "button", onclick: act }, text);
  if (job.status === "running") {
    return small("quiet", t("action.cancel"), (event) => cancel(job).catch((error) => event.target.closest("li").querySelector(".job-says").replaceChildren(errorText(error))));
  }
  if (job.kind !== "exports") return small("quiet", t("jobs.open"), () => { state.set({ tray: false }); openJob(job); });
  if (job.status === "done") return small("quiet", t(job.opens ? "jobs.open" : "jobs.again"), () => fetchAgain(job.id));
  return small("quiet", t("action.retry"), () => fetchAgain(job.id));
}

const mark = (job) => icon({ done: "check", failed: "warning" }[job.status] ?? KIND[job.kind]);

const row = (job) => h("li.job", { class: `is-${job.status}`, "data-job": job.kind }, mark(job),
  h("div.grow", {}, h("p.clip", { title: job.name }, job.name), job.status === "running" && progress(job), h("p.cap.job-says", {}, says(job))),
  acts(job), WAITING.includes(job.status) ? null : iconButton("close", t("jobs.drop"), { onclick: () => dropJob(job.id) }));

function make() {
  const made = h("section.panel", { id: "tray" });
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    state.set({ tray: false });
    document.querySelector("[data-tray]")?.focus();
  });
  document.body.append(made);
  return made;
}

/** Which button the reader stood on, so that a redrawn list does not lose it. */
function standing() {
  const at = document.activeElement?.closest?.("#tray button");
  return at ? [...box.querySelectorAll("button")].indexOf(at) : -1;
}

export function showTray() {
  box ??= make();
  const jobs = state.get("jobs");
  box.hidden = !state.get("tray");
  if (box.hidden) return;
  const at = standing();
  box.setAttribute("aria-label", t("jobs.title"));
  const ended = jobs.some(({ status }) => !WAITING.includes(status));
  fill(box, h("div.panel-head", {}, h("h2.grow", {}, t("jobs.title")), ended && h("button.btn.quiet.small", { type: "button", onclick: dropEnded }, t("jobs.clear")),
    iconButton("close", t("inspect.close"), { onclick: () => state.set({ tray: false }) })),
  jobs.length ? h("ul.jobs.scroll", { tabindex: "0", "aria-label": t("jobs.title") }, jobs.map(row)) : h("p.soft.pad", {}, t("jobs.none")));
  if (at >= 0) box.querySelectorAll("button")[Math.min(at, box.querySelectorAll("button").length - 1)]?.focus();
}
