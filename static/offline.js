/* Keeps the page usable while the service is away. The network is always asked first, so nothing
 * is ever shown older than it need be; what it said last is the answer only when it says nothing. */
const FILES = "atlas-files";
const ANSWERS = "atlas-answers";
const MOST_ANSWERS = 600; // kept answers; the oldest go first
const PATIENCE_MS = 6000; // a service that takes longer is away, if we have something to show
const NAMED = "/static/built/"; // names made of the bytes: what has the name is it
const PERSONAL = ["/api/session", "/api/tokens", "/api/uploads", "/api/changesets"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** The page says what it is made of: that is kept, read from the browser's own cache. */
self.addEventListener("message", ({ data, waitUntil }) => {
  if (data?.keep) keepAll(data.keep);
});

async function keepAll(addresses) {
  await forgetEarlier(addresses);
  for (const address of addresses) {
    const place = kindOf(new URL(address, self.location.origin));
    if (!place || await caches.match(address, { ignoreVary: true })) continue;
    try {
      await keep(place, new Request(address), await fetch(address));
    } catch {
      return; // away already: next time
    }
  }
}

/** What an earlier release was joined to, and this page does not name. */
async function forgetEarlier(addresses) {
  const cache = await caches.open(FILES);
  const earlier = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(NAMED) && !addresses.includes(url));
  await Promise.all(earlier.map((key) => cache.delete(key)));
}

/** Which store an address belongs to, or null for what is never kept. */
function kindOf(url) {
  if (url.origin !== self.location.origin) return null;
  if (!url.pathname.startsWith("/api/")) return FILES;
  return PERSONAL.some((p) => url.pathname.startsWith(p)) ? null : ANSWERS;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.cache === "no-store") return; // a file being fetched is saved, not kept
  const url = new URL(request.url);
  const place = kindOf(url);
  if (!place) return;
  if (request.mode === "navigate") {
    if (place === FILES && !/\.[a-z]+$/.test(url.pathname)) event.respondWith(page(event));
    return; // a document opened from the API is a download, not a part of the page
  }
  event.respondWith(answer(event, place));
});

/** Every address of the page is one file. */
async function page(event) {
  const shell = new Request("/");
  return networkFirst(event, shell, FILES);
}

const answer = (event, place) => (new URL(event.request.url).pathname.startsWith(NAMED) ? keptFirst : networkFirst)(event, event.request, place);

async function keptFirst(event, key, place) {
  return await caches.match(key, { ignoreVary: true }) ?? networkFirst(event, key, place);
}

async function networkFirst(event, key, place) {
  const asked = fetch(event.request);
  asked.then((response) => event.waitUntil(keep(place, key, response.clone()))).catch(() => {});
  const kept = await caches.match(key, { ignoreVary: true });
  if (!kept) return asked;
  const late = new Promise((_, reject) => { setTimeout(reject, PATIENCE_MS); });
  try {
    return await Promise.race([asked, late]);
  } catch {
    return told(kept);
  }
}

/** The same answer, marked, so that the page can say that the service is away. */
function told(kept) {
  const headers = new Headers(kept.headers);
  headers.set("X-Atlas-Kept", "1");
  return new Response(kept.body, { status: kept.status, headers });
}

async function keep(place, key, response) {
  const rule = response.headers.get("Cache-Control") ?? "";
  if (response.status !== 200 || /private|no-store/.test(rule)) return;
  const cache = await caches.open(place);
  await cache.put(key, response);
  if (place === ANSWERS) await prune(cache);
}

async function prune(cache) {
  const keys = await cache.keys();
  if (keys.length <= MOST_ANSWERS) return;
  await Promise.all(keys.slice(0, keys.length - MOST_ANSWERS).map((key) => cache.delete(key)));
}
