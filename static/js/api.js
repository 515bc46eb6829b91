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

async function problemOf(response) {
  try {
    return await response.json();
  } catch {
    return { title: response.statusText };
  }
}

function unreachable() {
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
  try {
    const headers = init.method ? { ...guarded(), ...init.headers } : init.headers;
    response = await fetch(address, { credentials: "same-origin", ...init, headers });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw unreachable();
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
      else refuse(new ApiError(request.status, body ?? { title: request.statusText }));
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
