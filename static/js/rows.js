/** Rows of a table: held by the page, or asked of the service page by page as they come into sight. */
import * as api from "./api.js";

const AT_ONCE = 200; // rows
const HELD = 40; // pages
const WAIT_MS = 120; // a table scrolled past asks for nothing

/** Rows that are here: {total, at, want, indexOf}. */
export const heldRows = (features) => ({
  total: features.length, asking: false, failed: null,
  at: (i) => features[i], want: () => {}, end: () => {},
  indexOf: (id) => features.findIndex((f) => f.id === id),
});

/** Rows of the service. `ask({limit, offset}, {signal})` gives {features, matched}; `told()` hears of all that changes.
 * `most`: no more than so many may be had. */
export function askedRows(ask, told, { most = Infinity } = {}) {
  const size = Math.min(most, most === Infinity ? AT_ONCE : most);
  const pages = new Map(); // number -> features, least recently seen first
  const running = new Map(); // number -> AbortController
  const rows = { total: null, matched: null, asking: false, failed: null };
  let ended = false;
  let timer = null;

  async function bring(page) {
    const stop = new AbortController();
    running.set(page, stop);
    rows.asking = true;
    told();
    try {
      const { features, matched } = await ask({ limit: size, offset: page * size || null }, { signal: stop.signal });
      if (ended) return;
      pages.set(page, features);
      if (matched !== null) Object.assign(rows, { matched, total: Math.min(matched, most) });
      rows.failed = null;
    } catch (error) {
      if (api.isAbort(error) || ended) return;
      rows.failed = error;
    } finally {
      if (running.get(page) === stop) running.delete(page);
      rows.asking = running.size > 0;
      if (!ended) told();
    }
  }

  function forget(keep) {
    for (const page of pages.keys()) {
      if (pages.size <= HELD) return;
      if (!keep.includes(page)) pages.delete(page);
    }
  }

  function fetchNow(wanted) {
    for (const [page, stop] of running) {
      if (wanted.includes(page) || (page === 0 && rows.total === null)) continue;
      stop.abort();
      running.delete(page);
    }
    for (const page of wanted) {
      if (pages.has(page)) pages.set(page, take(page));
      else if (!running.has(page)) bring(page);
    }
    forget(wanted);
  }

  function take(page) {
    const features = pages.get(page);
    pages.delete(page);
    return features;
  }

  /** Rows first…last are in sight. */
  rows.want = (first, last) => {
    if (rows.failed) return;
    const wanted = [];
    for (let page = Math.floor(first / size); page * size < last; page += 1) wanted.push(page);
    clearTimeout(timer);
    if (wanted.some((page) => !pages.has(page))) timer = setTimeout(() => ended || fetchNow(wanted), rows.total === null ? 0 : WAIT_MS);
  };
  rows.at = (i) => pages.get(Math.floor(i / size))?.[i % size];
  rows.indexOf = (id) => {
    for (const [page, features] of pages) {
      const at = features.findIndex((f) => f.id === id);
      if (at >= 0) return page * size + at;
    }
    return -1;
  };
  rows.retry = () => { rows.failed = null; told(); };
  rows.end = () => {
    ended = true;
    clearTimeout(timer);
    running.forEach((stop) => stop.abort());
  };
  bring(0);
  return rows;
}
