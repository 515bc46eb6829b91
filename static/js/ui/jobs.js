/** What the user started and left: followed until it is done, then said with a way back to it. */
import * as api from "../api.js";
import { may } from "../catalogue.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { toast } from "./toast.js";
import { goTo } from "./topbar.js";

const KEPT = "atlas-jobs"; // for this tab: a reload goes on following
const EVERY_MS = { uploads: 2000, changesets: 15_000 };
const PLACE = { uploads: "uploads", changesets: "reviews" };
const RUNNING = { uploads: "diagnosing", changesets: "submitted" };
const SAYS = { diagnosed: "jobs.checked", failed: "jobs.failed", published: "jobs.approved", approved: "jobs.approved", rejected: "jobs.rejected" };
let timer = null;

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
  } catch {
    return []; // storage is closed to the page: nothing survives a reload
  }
}

function keep(jobs) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(jobs));
  } catch { /* the same */ }
  state.set({ jobs });
}

/** kind is "uploads" or "changesets". */
export function followJob(kind, id, name) {
  keep([...state.get("jobs").filter((job) => job.id !== id), { kind, id, name }]);
  wait();
}

const drop = (id) => keep(state.get("jobs").filter((job) => job.id !== id));
const isOpen = ({ kind, id }) => state.get("place") === PLACE[kind] && state.get("placeId") === id && !document.hidden;

const link = (place, id) => h("button.link.on-toast", { type: "button", onclick: () => goTo(place, id) }, t("jobs.open"));

async function ask(job) {
  try {
    const { status } = await api.get(`${job.kind}/${job.id}`);
    if (status === RUNNING[job.kind]) return;
    drop(job.id);
    if (SAYS[status] && !isOpen(job)) toast(t(SAYS[status], { name: job.name }), link(PLACE[job.kind], job.id));
  } catch (error) {
    if (error.status >= 400 && error.status < 500) drop(job.id); // gone, or no longer ours to see
  }
}

/** Ask again after a while, as long as something runs and somebody looks. */
function wait() {
  clearTimeout(timer);
  const jobs = state.get("jobs");
  if (!jobs.length || document.hidden || !may("editor")) return;
  const pause = Math.min(...jobs.map(({ kind }) => EVERY_MS[kind]));
  timer = setTimeout(() => Promise.all(state.get("jobs").map(ask)).then(wait), pause);
}

/** A reviewer who comes back learns of what came meanwhile. */
async function lookForWork() {
  if (!may("reviewer") || document.hidden) return;
  const { changesets } = await api.get("changesets", { status: "submitted" });
  const before = state.get("waiting");
  state.set({ waiting: changesets.length });
  if (changesets.length > (before ?? Infinity) && state.get("place") !== "reviews") toast(t("jobs.new"), link("reviews", changesets[0].id));
}

export function mountJobs() {
  state.set({ jobs: kept() });
  const look = () => {
    wait();
    lookForWork().catch(() => {});
  };
  document.addEventListener("visibilitychange", look);
  state.on("session", look);
  state.on("place", () => lookForWork().catch(() => {}));
}
