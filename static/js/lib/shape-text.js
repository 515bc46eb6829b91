/** A shape as a short text for an address: lossless to 1e-7 degrees, about four letters a point. Pure. */
const SCALE = 1e7;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const MARK = "bits:";
const KINDS = { P: "Polygon", M: "MultiPolygon", L: "LineString", K: "MultiLineString", D: "Point", N: "MultiPoint" };
const STEEP = 24; // ones after which a number is written plainly
const WIDEST = 31; // of k, which five bits hold

const zigzag = (v) => (v < 0 ? -v * 2 - 1 : v * 2); // too large for shifts of 32 bits
const unzigzag = (n) => (n % 2 ? -(n + 1) / 2 : n / 2);

class Writer {
  bits = [];

  plain(n, width) {
    for (let at = width - 1; at >= 0; at -= 1) this.bits.push(Math.floor(n / 2 ** at) % 2);
  }

  /** Any whole number: its length, then itself. */
  count(n) {
    const width = Math.floor(Math.log2(n + 1)) + 1;
    this.plain(0, width - 1);
    this.plain(n + 1, width);
  }

  /** A number that is mostly less than 2^k: what goes beyond it in ones, then its last k bits. */
  near(n, k) {
    const high = Math.floor(n / 2 ** k);
    for (let i = 0; i < Math.min(high, STEEP); i += 1) this.bits.push(1);
    if (high >= STEEP) return this.count(n);
    this.bits.push(0);
    return this.plain(n % 2 ** k, k);
  }

  text() {
    const { bits } = this;
    let text = "";
    for (let i = 0; i < bits.length; i += 6) text += LETTERS[[0, 1, 2, 3, 4, 5].reduce((n, at) => n * 2 + (bits[i + at] ?? 0), 0)];
    return text;
  }
}

/** Past its end it reads NaN, which no check lets through. */
class Reader {
  constructor(text) {
    this.values = [...text].map((letter) => LETTERS.indexOf(letter));
    this.at = 0;
  }

  bit() {
    const value = this.values[Math.floor(this.at / 6)] ?? NaN;
    this.at += 1;
    return Math.floor(value / 2 ** (5 - ((this.at - 1) % 6))) % 2;
  }

  plain(width) {
    let n = 0;
    for (let i = 0; i < width; i += 1) n = n * 2 + this.bit();
    return n;
  }

  count() {
    let zeros = 0;
    while (this.bit() === 0 && zeros < 53) zeros += 1;
    return 2 ** zeros + this.plain(zeros) - 1;
  }

  near(k) {
    let high = 0;
    while (high < STEEP && this.bit() === 1) high += 1;
    return high === STEEP ? this.count() : high * 2 ** k + this.plain(k);
  }

  /** Whether nothing is left but what fills the last letter. */
  get done() {
    return Math.ceil(this.at / 6) === this.values.length;
  }
}

/** How far each value is from where the two before it point (`straight`), or from the one before it. */
function steps(values, straight) {
  return values.slice(1).map((v, i) => zigzag(v - values[i] - (straight && i ? values[i] - values[i - 1] : 0)));
}

const sum = (values) => values.reduce((a, b) => a + b, 0);

/** The k by which such numbers take the fewest bits: near the length of their mean. */
function best(numbers) {
  const length = Math.floor(Math.log2(sum(numbers) / (numbers.length || 1) + 1));
  const bits = (k) => numbers.reduce((all, n) => all + Math.min(Math.floor(n / 2 ** k), STEEP * 3) + 1 + k, 0);
  const all = [-2, -1, 0, 1].map((by) => Math.max(0, Math.min(length + by, WIDEST))).map((k) => ({ k, bits: bits(k) }));
  return all.reduce((least, each) => (each.bits < least.bits ? each : least));
}

function writeRun(writer, points, from) {
  const axes = [0, 1].map((axis) => points.map((c) => Math.round(c[axis] * SCALE)));
  writer.count(points.length);
  axes.forEach((values, i) => writer.count(zigzag(values[0] - from[i])));
  const [plain, straight] = [false, true].map((way) => axes.map((values) => steps(values, way)).map((numbers) => ({ numbers, ...best(numbers) })));
  const bend = sum(straight.map((s) => s.bits)) < sum(plain.map((s) => s.bits));
  const chosen = bend ? straight : plain;
  writer.plain(Number(bend), 1);
  chosen.forEach(({ k }) => writer.plain(k, 5));
  for (let i = 0; i < points.length - 1; i += 1) chosen.forEach(({ numbers, k }) => writer.near(numbers[i], k));
  return axes.map((values) => values[0]);
}

function readRun(reader, from, least) {
  const n = reader.count();
  if (!(n >= least && n <= reader.values.length * 6)) return null;
  let now = from.map((v) => v + unzigzag(reader.count()));
  let last = null;
  const bend = reader.plain(1);
  const ks = [reader.plain(5), reader.plain(5)];
  const run = [now];
  for (let i = 1; i < n; i += 1) {
    const next = now.map((v, axis) => v + unzigzag(reader.near(ks[axis])) + (bend && last ? v - last[axis] : 0));
    [last, now] = [now, next];
    run.push(now);
  }
  const points = run.map(([x, y]) => [x / SCALE, y / SCALE]);
  return points.every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 90) ? { points, start: run[0] } : null;
}

const kept = new WeakMap(); // a shape is written at every step of the map: once will do

/** "bits:…" of a point, a line or an area; null for anything else. */
export function textOfShape(geometry) {
  const kind = Object.keys(KINDS).find((letter) => KINDS[letter] === geometry?.type);
  if (!kind) return null;
  if (!kept.has(geometry)) kept.set(geometry, MARK + kind + write(kind, geometry.coordinates));
  return kept.get(geometry);
}

function write(kind, coordinates) {
  const writer = new Writer();
  if ("LKDN".includes(kind)) writeRuns(writer, kind, coordinates);
  else writeAreas(writer, kind, coordinates);
  return writer.text();
}

/** Lines one after another; points as a line through them. */
function writeRuns(writer, kind, coordinates) {
  const runs = { L: () => [coordinates], K: () => coordinates, D: () => [[coordinates]], N: () => [coordinates] }[kind]();
  if (kind === "K") writer.count(runs.length);
  let from = [0, 0];
  for (const run of runs) from = writeRun(writer, run, from);
}

function writeAreas(writer, kind, coordinates) {
  const polygons = kind === "M" ? coordinates : [coordinates];
  if (kind === "M") writer.count(polygons.length);
  let from = [0, 0];
  for (const rings of polygons) {
    writer.count(rings.length);
    for (const ring of rings) from = writeRun(writer, ring.slice(0, -1), from); // its last point is its first
  }
}

/** The shape of such a text, or null if it is none. */
export function shapeOfText(text) {
  if (!text.startsWith(MARK) || !KINDS[text[MARK.length]]) return null;
  const kind = text[MARK.length];
  const reader = new Reader(text.slice(MARK.length + 1));
  const coordinates = "LKDN".includes(kind) ? readRuns(reader, kind) : readAreas(reader, kind);
  return coordinates && reader.done ? { type: KINDS[kind], coordinates } : null;
}

function readRuns(reader, kind) {
  const n = kind === "K" ? reader.count() : 1;
  if (!(n >= 1 && n <= reader.values.length)) return null;
  const runs = [];
  for (let i = 0, from = [0, 0]; i < n; i += 1) {
    const run = readRun(reader, from, "DN".includes(kind) ? 1 : 2);
    if (!run) return null;
    runs.push(run.points);
    from = run.start;
  }
  return { L: runs[0], K: runs, D: runs[0][0], N: runs[0] }[kind];
}

function readAreas(reader, kind) {
  const most = reader.values.length;
  const parts = kind === "M" ? reader.count() : 1;
  if (!(parts >= 1 && parts <= most)) return null;
  const polygons = [];
  for (let i = 0, from = [0, 0]; i < parts; i += 1) {
    const rings = reader.count();
    if (!(rings >= 1 && rings <= most)) return null;
    polygons.push([]);
    for (let k = 0; k < rings; k += 1) {
      const run = readRun(reader, from, 3);
      if (!run) return null;
      polygons.at(-1).push([...run.points, run.points[0]]);
      from = run.start;
    }
  }
  return kind === "M" ? polygons : polygons[0];
}
