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
export const setCsrf = (token) => { csrf = token; };

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

async function send(address, options = {}) {
  const { name, ...init } = options;
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", ...init, signal: signalFor(name) });
  } catch (error) {
    if (isAbort(error)) throw error;
    network.dispatchEvent(new CustomEvent("lost"));
    throw new ApiError(0, {
      detail: "The service cannot be reached. What is on the page stays as it is.",
      detail_zh: "连不上服务。页面上已有的内容保持不变。",
    });
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

export async function post(path, body, options = {}) {
  const headers = { "Content-Type": "application/json", ...guarded() };
  return json(await send(url(path), { method: "POST", headers, body: JSON.stringify(body ?? {}), ...options }));
}

export async function patch(path, body) {
  const headers = { "Content-Type": "application/json", ...guarded() };
  return json(await send(url(path), { method: "PATCH", headers, body: JSON.stringify(body) }));
}

export async function postForm(path, form, options = {}) {
  return json(await send(url(path), { method: "POST", headers: guarded(), body: form, ...options }));
}

export async function remove(path) {
  return json(await send(url(path), { method: "DELETE", headers: guarded() }));
}
