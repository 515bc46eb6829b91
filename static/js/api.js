/** The only module that fetches. Knows URLs, problems and how to drop stale requests. */
const running = new Map();
let csrf = null;

/** Tells when the service is lost and found again. */
export const network = new EventTarget();

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }

  /** What the server said, in the reader's language. */
  text(lang) {
    const { detail, detail_zh: zh, title } = this.problem;
    return (lang === "zh" ? zh || detail : detail) || title || `HTTP ${this.status}`;
  }
}

export const isAbort = (error) => error?.name === "AbortError";
let begun;
const begin = new Promise((known) => { begun = known; }); // a write waits until it is known who writes
export const setCsrf = (token) => { csrf = token; begun(); };

let sayAgain = async () => false;
/** `ask(error, quiet)` asks a reader whose login has ended to log in again; true once the request can be sent anew. */
export const onEnded = (ask) => { sayAgain = ask; };
const MAY_BE_ENDED = [401, 403, 404]; // what a reader may not see is not found
const goesOn = (error, quiet = false) => MAY_BE_ENDED.includes(error.status) && sayAgain(error, quiet);

export function url(path, params = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") query.set(key, value);
  }
  const text = query.toString();
  return `/api/${path}${text ? `?${text}` : ""}`;
}

/** A named request aborts the one of that name still running. */
function signalFor(name) {
  if (!name) return undefined;
  running.get(name)?.abort();
  const controller = new AbortController();
  running.set(name, controller);
  return controller.signal;
}

/** Whoever waited for the request of that name waits no more; the service stops computing it. */
export const stop = (name) => running.get(name)?.abort();

/** What is answered in other words than ours comes from something before the service. */
function strange(status) {
  return status < 500 ? {
    detail: `The request was refused (${status}) before it reached the service.`,
    detail_zh: `请求未到达服务即被拒绝（${status}）。`,
  } : {
    detail: `The service is not available just now (${status}). Try again in a moment.`,
    detail_zh: `服务暂时不可用（${status}）。稍后重试。`,
  };
}

async function problemOf(response) {
  try {
    return await response.json();
  } catch {
    return strange(response.status);
  }
}

const SLOW_MS = 8000;
const PATIENCE_MS = 60_000; // for what is only read; a publication may take longer
let slow = 0;

/** Tells the page while an answer is slow; gives up one that never comes. */
function watch(init) {
  const over = new AbortController();
  let told = false;
  const tell = (by) => { slow += by; network.dispatchEvent(new CustomEvent("slow", { detail: slow })); };
  const timers = [setTimeout(() => { told = true; tell(1); }, SLOW_MS)];
  if (!init.method && init.cache !== "no-store") timers.push(setTimeout(() => over.abort(new DOMException("no answer", "TimeoutError")), PATIENCE_MS));
  const signal = init.signal && AbortSignal.any ? AbortSignal.any([init.signal, over.signal]) : init.signal ?? over.signal;
  return { signal, end: () => { timers.forEach(clearTimeout); if (told) tell(-1); } };
}

const late = () => new ApiError(0, {
  detail: "The service has not answered for a minute. Try again.",
  detail_zh: "服务一分钟没有回答。请重试。",
});

/** Anything could not be fetched: a part of the page also tells the service's absence. */
export function unreachable() {
  network.dispatchEvent(new CustomEvent("lost"));
  return new ApiError(0, {
    detail: "The service cannot be reached. What is on the page stays as it is.",
    detail_zh: "连不上服务。页面上已有的内容保持不变。",
  });
}

/** `name`: the last of that name aborts this one; `quiet`: nobody waits for it, so nobody is asked to log in for it. */
async function send(address, { name, quiet, ...options } = {}) {
  const init = { ...options, signal: options.signal ?? signalFor(name) };
  try {
    return await sendOnce(address, init);
  } catch (error) {
    if (error instanceof ApiError && (await goesOn(error, quiet))) return sendOnce(address, init);
    throw error;
  }
}

async function sendOnce(address, init) {
  let response;
  if (init.method) await begin;
  const { signal, end } = watch(init);
  try {
    const headers = init.method ? { ...guarded(), ...init.headers } : init.headers;
    response = await fetch(address, { credentials: "same-origin", ...init, headers, signal });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw error.name === "TimeoutError" ? late() : unreachable();
  } finally {
    end();
  }
  network.dispatchEvent(new CustomEvent(response.headers.has("X-Atlas-Kept") ? "lost" : "found"));
  if (!response.ok) throw new ApiError(response.status, await problemOf(response));
  return response;
}

const json = async (response) => (response.status === 204 ? null : response.json());
const guarded = () => (csrf ? { "X-CSRF-Token": csrf } : {});

export async function get(path, params, options) {
  return json(await send(url(path, params), options));
}

export async function getBytes(address, options) {
  return (await send(address, options)).arrayBuffer();
}

/** A file, and its name as the service gives it. `progress(got, whole)`: whole is null where it is not known. */
export async function download(address, { signal, progress }) {
  const response = await send(address, { signal, cache: "no-store" });
  const packed = response.headers.has("Content-Encoding");
  const whole = packed ? null : Number(response.headers.get("Content-Length")) || null;
  const parts = [];
  let got = 0;
  const reader = response.body.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    parts.push(value);
    got += value.length;
    progress(got, whole);
  }
  return { blob: new Blob(parts, { type: response.headers.get("Content-Type") ?? "" }), filename: nameIn(response.headers.get("Content-Disposition")) };
}

function nameIn(disposition) {
  const star = /filename\*=(?:UTF-8'')?([^;]+)/i.exec(disposition ?? "");
  return star ? decodeURIComponent(star[1]) : /filename="?([^";]+)/i.exec(disposition ?? "")?.[1] ?? null;
}

/** A form whose sending is followed. Who is logged in is asked first: nobody sends a large file to be refused. */
export async function sendForm(path, form, options) {
  if (await sayAgain({ status: 401, problem: {} }, false)) return sendFollowed(path, form, options);
  throw new DOMException("nobody is logged in", "AbortError");
}

/** Only XMLHttpRequest tells how much has gone. */
function sendFollowed(path, form, { progress, signal, headers = {} }) {
  const request = new XMLHttpRequest();
  signal.addEventListener("abort", () => request.abort());
  request.open("POST", url(path));
  for (const [key, value] of Object.entries({ ...guarded(), ...headers })) request.setRequestHeader(key, value);
  request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded, total));
  return new Promise((done, refuse) => {
    request.addEventListener("load", () => {
      const body = parsed(request.responseText);
      if (request.status < 300) done(body);
      else refuse(new ApiError(request.status, body ?? strange(request.status)));
    });
    request.addEventListener("error", () => refuse(unreachable()));
    request.addEventListener("abort", () => refuse(new DOMException("cancelled", "AbortError")));
    request.send(form);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export async function post(path, body, options = {}) {
  const headers = { "Content-Type": "application/json" };
  return json(await send(url(path), { method: "POST", headers, body: JSON.stringify(body ?? {}), ...options }));
}

export async function postBlob(path, body, options = {}) {
  const headers = { "Content-Type": "application/json", ...guarded() };
  return (await send(url(path), { method: "POST", headers, body: JSON.stringify(body), ...options })).blob();
}

export async function patch(path, body, options = {}) {
  const headers = { "Content-Type": "application/json", ...options.headers };
  return json(await send(url(path), { method: "PATCH", headers, body: JSON.stringify(body) }));
}

export async function postForm(path, form, options = {}) {
  return json(await send(url(path), { method: "POST", body: form, ...options }));
}

export async function remove(path) {
  return json(await send(url(path), { method: "DELETE" }));
}
