/** Files made by the service: asked for, followed while they come, saved when they are whole.
 * A tab that closes meanwhile leaves its export to the next one: to ask again is the same answer. */
import * as api from "./api.js";
import { save } from "./dom.js";
import { addJob, changeJob, jobOf } from "./jobs.js";
import { state } from "./state.js";

const TAB = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
const BEAT_MS = 500;
const GONE_MS = 90_000; // hidden tabs are slow to give a sign of life
const LEAVING_MS = 1000;
const HELD = 5; // results this tab can save again without asking
const running = new Map(); // id -> AbortController
const results = new Map(); // id -> {blob, filename}

const idOf = () => crypto.getRandomValues(new Uint32Array(2)).reduce((text, n) => text + n.toString(36), "");

export function startExport(href, filename, { opens = false } = {}) {
  const id = idOf();
  addJob({ kind: "exports", id, name: filename, href, opens, owner: TAB, beat: Date.now() });
  run(id);
  return id;
}

/** Content-Length speaks of what is sent; unpacked, it is another number of bytes. */
function follow(id) {
  let last = 0;
  return (got, whole) => {
    if (Date.now() - last < BEAT_MS) return;
    last = Date.now();
    changeJob(id, { beat: last, got, whole });
  };
}

async function run(id) {
  const job = jobOf(id);
  const stop = new AbortController();
  running.set(id, stop);
  const alive = setInterval(() => changeJob(id, { beat: Date.now() }), 5000);
  try {
    const { blob, filename } = await api.download(job.href, { signal: stop.signal, progress: follow(id) });
    hold(id, { blob, filename: filename ?? job.name });
    changeJob(id, { status: "done", at: Date.now(), name: filename ?? job.name, got: blob.size, whole: blob.size });
    deliver(id);
  } catch (error) {
    await ended(id, error);
  } finally {
    clearInterval(alive);
    running.delete(id);
  }
}

async function ended(id, error) {
  if (error.status === 0) await new Promise((on) => { setTimeout(on, LEAVING_MS); }); // a page on its way out loses its requests first
  if (api.isAbort(error) || leaving) return;
  changeJob(id, { status: "failed", at: Date.now(), says: error.problem ? { zh: error.text("zh"), en: error.text("en") } : null });
}

function hold(id, result) {
  results.set(id, result);
  if (results.size > HELD) results.delete(results.keys().next().value);
}

function deliver(id) {
  const { blob, filename } = results.get(id);
  if (!jobOf(id)?.opens) save(blob, filename);
  else if (navigator.userActivation?.isActive) show(id);
}

function show(id) {
  const address = URL.createObjectURL(results.get(id).blob);
  window.open(address, "_blank", "noopener");
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The result once more: what this tab still holds, or else asked for again. */
export function fetchAgain(id) {
  const job = jobOf(id);
  if (results.has(id)) (job.opens ? show : deliver)(id);
  else {
    changeJob(id, { status: "running", owner: TAB, beat: Date.now(), got: 0, whole: null, at: Date.now(), told: false });
    run(id);
  }
}

export function cancelExport(id) {
  running.get(id)?.abort();
  changeJob(id, { status: "cancelled", at: Date.now() });
}

const isLeft = ({ kind, status, owner, beat }) => kind === "exports" && status === "running" && owner !== TAB && Date.now() - beat > GONE_MS;

/** Exports of tabs that are gone are taken up; one cancelled elsewhere ends here. */
export function tend() {
  for (const job of state.get("jobs")) {
    if (isLeft(job)) fetchAgain(job.id);
    if (job.status === "cancelled") running.get(job.id)?.abort();
  }
}

let leaving = false;
window.addEventListener("pageshow", () => { leaving = false; });
window.addEventListener("pagehide", () => {
  leaving = true;
  for (const [id, stop] of running) {
    changeJob(id, { beat: 0 });
    stop.abort();
  }
});
