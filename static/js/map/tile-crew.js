/** Who draws the tiles: workers beside the page, or the page itself, one a frame, where the browser has none. */
const HANDS = Math.max(1, Math.min(2, (navigator.hardwareConcurrency || 2) - 1));
const PLACE = document.querySelector('meta[name="tile-worker"]')?.content;

const frame = () => new Promise((go) => { requestAnimationFrame(go); });
let hands = null; // the workers, once asked for; empty: the page draws
let begun = null;

/** A worker that draws, or null where module workers or canvases without a page are not known. */
function hire() {
  return new Promise((done) => {
    let worker;
    try {
      worker = new Worker(PLACE, { type: "module" });
    } catch {
      done(null);
      return;
    }
    const fail = () => {
      worker.terminate();
      done(null);
    };
    worker.onerror = fail;
    worker.onmessage = ({ data }) => {
      if (!data.able) return fail();
      worker.onerror = null;
      return done(worker);
    };
  });
}

/** A worker, what it is at, and what it is to do next. */
class Hand {
  constructor(worker) {
    this.worker = worker;
    this.queue = [];
    this.at = null;
    worker.onmessage = ({ data }) => this.hear(data);
  }

  /** One thing at a time is sent, so that what nobody waits for any more is never begun. */
  next() {
    while (!this.at && this.queue.length) {
      const job = this.queue.shift();
      if (job.signal.aborted) continue;
      this.at = job;
      this.worker.postMessage({ job: true, ...job.tile }, job.tile.bytes ? [job.tile.bytes] : []);
    }
  }

  hear({ picture, failed }) {
    const { signal, done, refuse } = this.at;
    this.at = null;
    this.next();
    if (failed) refuse(new Error(failed));
    else if (signal.aborted) picture?.close();
    else done(picture);
  }
}

/** Called early, so that they stand ready when the first bytes come. */
export function callCrew() {
  begun ??= (PLACE ? Promise.all(Array.from({ length: HANDS }, hire)) : Promise.resolve([]))
    .then((hired) => { hands = hired.filter(Boolean).map((worker) => new Hand(worker)); });
  return begun;
}

/** Which hand has a tile decoded: always the same. */
const handFor = ({ x, y }) => hands[(x + y) % hands.length];

/** What the tiles of a layer's version shall look like from now on. */
export async function tellCrew(of, look) {
  await callCrew();
  for (const { worker } of hands) worker.postMessage({ of, look });
}

async function drawHere(tile, look) {
  const { drawTile } = await import("./tile-hand.js");
  await turn();
  return drawTile({ ...tile, look });
}

let last = Promise.resolve();
function turn() {
  last = last.then(frame);
  return last;
}

/** The picture of a tile {of, address, x, y, size, bytes}; null: its bytes are wanted again. */
export async function drawn(tile, look, signal) {
  await callCrew();
  signal.throwIfAborted();
  if (!hands.length) return drawHere(tile, look);
  return new Promise((done, refuse) => {
    const hand = handFor(tile);
    hand.queue.push({ tile, signal, done, refuse });
    hand.next();
  });
}
