/** What the user started and left: followed until it is done, then said with a way to its result. */
import * as api from "../api.js";
import { may } from "../catalogue.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { addJob, changeJob, dropJob, followOtherTabs, jobOf, WAITING } from "../jobs.js";
import { state } from "../state.js";
import { openJob, PLACE, SAYS } from "./job-places.js";
import { toast } from "./toast.js";
import { goTo } from "./topbar.js";

const EVERY_MS = { uploads: 2000, changesets: 15_000 };
const SHOW_AFTER_MS = 1200; // what is done sooner needs no progress
const RUNNING = { uploads: "diagnosing", changesets: "submitted" };
const ENDS = { diagnosed: "done", submitted: "done", failed: "failed", published: "done", approved: "done", rejected: "failed" };
let timer = null;

const exporting = () => import("../exporting.js"); // loaded when something is taken out

/** kind is "uploads" or "changesets". */
export function followJob(kind, id, name) {
  addJob({ kind, id, name, status: kind === "changesets" ? "sent" : "running" });
  wait();
}

const isOpen = ({ kind, id }) => state.get("place") === PLACE[kind] && state.get("placeId")?.startsWith(id) && !document.hidden;

async function ask(job) {
  try {
    const { status, progress } = await api.get(`${job.kind}/${job.id}`, undefined, { quiet: true });
    if (status !== RUNNING[job.kind]) changeJob(job.id, { status: ENDS[status] ?? "done", ended: status, at: Date.now(), told: isOpen(job) });
    else if (progress) changeJob(job.id, { part: progress.share, step: { zh: progress.message_zh, en: progress.message } });
  } catch (error) {
    if ([403, 404, 410].includes(error.status)) dropJob(job.id); // gone, or no longer ours to see
  }
}

const asked = () => state.get("jobs").filter(({ kind, status }) => EVERY_MS[kind] && WAITING.includes(status));

/** Ask again after a while, as long as something runs and somebody looks. */
function wait() {
  clearTimeout(timer);
  const jobs = asked();
  if (!jobs.length || document.hidden || !may("editor")) return;
  const pause = Math.min(...jobs.map(({ kind }) => EVERY_MS[kind]));
  timer = setTimeout(() => Promise.all(asked().map(ask)).then(wait), pause);
}

const link = (text, act) => h("button.link.on-toast", { type: "button", onclick: act }, text);

const actOf = (job) => (job.kind === "exports"
  ? link(t(job.opens ? "jobs.open" : "jobs.again"), () => exporting().then(({ fetchAgain }) => fetchAgain(job.id)))
  : link(t("jobs.open"), () => openJob(job)));

/** Whoever looks first tells it: another tab may have done the work. */
function tell() {
  if (document.hidden) return;
  for (const job of state.get("jobs")) {
    if (job.told || WAITING.includes(job.status) || jobOf(job.id)?.told) continue;
    changeJob(job.id, { told: true });
    if (job.kind === "exports" && job.status === "failed") state.set({ tray: true }); // with the reason and the way on
    else if (job.status !== "cancelled") toast(t(job.kind === "exports" ? "jobs.saved" : SAYS[job.ended], { name: job.name }), actOf(job));
  }
}

/** Every file of the service is fetched as a job; with Ctrl or the middle button it is the browser's affair. */
function takeOver(event) {
  const a = event.target.closest?.('a[download][href^="/api/"], a[data-act="dossier"]');
  if (!a || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const { pathname, search } = new URL(a.href);
  const name = a.download || a.dataset.name || t("jobs.file");
  exporting().then(({ startExport }) => {
    const id = startExport(pathname + search, name, { opens: a.dataset.act === "dossier" });
    setTimeout(() => jobOf(id)?.status === "running" && state.set({ tray: true }), SHOW_AFTER_MS);
  });
}

/** A reviewer who comes back learns of what came meanwhile. */
async function lookForWork() {
  if (!may("reviewer") || document.hidden) return;
  const { changesets } = await api.get("changesets", { status: "submitted" }, { quiet: true });
  const before = state.get("waiting");
  state.set({ waiting: changesets.length });
  if (changesets.length > (before ?? Infinity) && state.get("place") !== "reviews") toast(t("jobs.new"), link(t("jobs.open"), () => goTo("reviews", changesets[0].id)));
}

export function mountJobs() {
  followOtherTabs();
  const look = () => {
    wait();
    tell();
    lookForWork().catch(() => {});
  };
  const tend = () => state.get("jobs").some(({ kind }) => kind === "exports") && exporting().then((e) => e.tend());
  document.addEventListener("visibilitychange", look);
  document.addEventListener("click", takeOver);
  state.on("session", look);
  state.on("place", () => lookForWork().catch(() => {}));
  state.on("jobs", () => { tell(); tend(); });
  state.on("tray jobs lang", () => state.get("tray") !== undefined && import("./jobs-tray.js").then(({ showTray }) => showTray()));
  setInterval(() => document.hidden || tend(), 30_000);
  tend();
}
