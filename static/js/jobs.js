/** What was started and goes on: kept by the browser for all its tabs, and after a reload. */
import { state } from "./state.js";

const KEPT = "atlas-jobs";
const FOR_MS = 86_400_000;
const MOST = 20;
export const WAITING = ["running", "sent"]; // sent: with the reviewer

let memory = []; // where storage is closed to the page: this tab alone knows

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? [];
  } catch {
    return memory;
  }
}

const isNew = ({ status, at }) => WAITING.includes(status) || Date.now() - at < FOR_MS;

function write(jobs) {
  memory = jobs.filter(isNew).slice(0, MOST);
  try {
    localStorage.setItem(KEPT, JSON.stringify(memory));
  } catch { /* the same */ }
  show();
}

const me = () => state.get("session").principal?.name ?? null;
const mine = ({ who }) => who === null || who === me();

/** Those of who is here; another's on the same machine stay out of sight. */
export function show() {
  state.set({ jobs: read().filter(isNew).filter(mine) });
}

export const jobOf = (id) => read().find((job) => job.id === id);

export function addJob(job) {
  write([{ status: "running", who: me(), at: Date.now(), told: false, ...job }, ...read().filter(({ id }) => id !== job.id)]);
}

export const changeJob = (id, patch) => write(read().map((job) => (job.id === id ? { ...job, ...patch } : job)));
export const dropJob = (id) => write(read().filter((job) => job.id !== id));
export const dropEnded = () => write(read().filter((job) => WAITING.includes(job.status) || !mine(job)));
/** At the end of a login nothing of it stays for the next. */
export const forgetJobs = (who) => write(read().filter((job) => job.who !== who));

export function followOtherTabs() {
  window.addEventListener("storage", ({ key }) => key === KEPT && show());
  state.on("session", show);
  show();
}
