/** Names of the rivers: oblique, along the stream, where no other name or station stands. */
import { baseCovered } from "../basemaps.js";
import { state } from "../state.js";
import { mapFont, palette } from "./palette.js";
import { toPoint } from "./scene.js";
import { RIVERS } from "./water.js";

const SIZE = 12;
const FROM_ZOOM = 12.5;
const STEP = 10; // px between the places that are tried
const NARROWEST = 9; // px of water that carry a name
const BROAD = 40; // px of water with room beside the boundary, which runs midstream
const BEND = 4; // px by which the stream may leave the line of its name

/** `isFree(box)` says whether nothing stands in a box of layer points; `free` is all there is room in. */
export function paintRiverNames(ctx, view, free, isFree) {
  if (view.zoom < FROM_ZOOM || baseCovered()) return;
  ctx.font = mapFont(SIZE, false, true);
  for (const river of RIVERS.filter((r) => r.label && r.half * 2 * view.metres >= NARROWEST)) {
    const text = state.get("lang") === "zh" ? river.zh : river.en;
    const width = ctx.measureText(text).width;
    const broad = river.half * 2 * view.metres;
    const near = around(free, broad / 4 + STEP);
    const spot = freeSpot(spots(river.line.map((c) => toPoint(view, c)), width, near), broad, (s) => boxes(s, width).every(isFree));
    if (spot) write(ctx, text, spot);
  }
}

/** Whether a point lies within a box, or so near that a name beside it might. */
const around = ({ x, y, w, h }, by) => ([px, py]) => px >= x - by && px <= x + w + by && py >= y - by && py <= y + h + by;

/** The first that is free, midstream or, of a broad river, at one of its sides. */
function freeSpot(all, broad, isFree) {
  for (const s of all) {
    const found = (broad < BROAD ? [s] : [aside(s, broad / 4), aside(s, -broad / 4)]).find(isFree);
    if (found) return found;
  }
  return null;
}

/** The stream as points STEP apart. */
function paced(points) {
  const found = [];
  let left = 0;
  points.slice(1).forEach(([x, y], i) => {
    const [fromX, fromY] = points[i];
    const size = Math.hypot(x - fromX, y - fromY);
    for (; left <= size; left += STEP) found.push([fromX + ((x - fromX) * left) / size, fromY + ((y - fromY) * left) / size]);
    left -= size;
  });
  return found;
}

/** Straight enough stretches near the view for a name of that width, from the middle of the stream outwards, each looked at when it is asked for. */
function* spots(points, width, isNear) {
  const steps = paced(points);
  const span = Math.ceil((width + 8) / STEP);
  const firsts = Array.from({ length: Math.max(0, steps.length - span) }, (_, i) => i)
    .filter((i) => isNear(steps[i + Math.round(span / 2)])); // the name's own middle is less than a step away
  const middle = (steps.length - span) / 2;
  for (const first of firsts.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))) {
    const found = stretch(steps.slice(first, first + span + 1));
    if (found) yield found;
  }
}

function stretch(steps) {
  const [a, b] = [steps[0], steps.at(-1)];
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const size = Math.hypot(dx, dy);
  const off = steps.map(([x, y]) => (dx * (y - a[1]) - dy * (x - a[0])) / size);
  if (!size || Math.max(...off) - Math.min(...off) > BEND) return null;
  const angle = Math.atan2(dy, dx);
  const upright = Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle;
  return { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, angle: upright };
}

const aside = ({ x, y, angle }, by) => ({ x: x - by * Math.sin(angle), y: y + by * Math.cos(angle), angle });

/** The slanted name as upright squares. */
function boxes({ x, y, angle }, width) {
  const half = Math.max(0, (width - SIZE) / 2);
  const count = Math.max(1, Math.round(half / 4));
  return Array.from({ length: 2 * count + 1 }, (_, i) => ((i - count) * half) / count)
    .map((along) => ({ x: x + along * Math.cos(angle) - SIZE / 2, y: y + along * Math.sin(angle) - SIZE / 2, w: SIZE, h: SIZE }));
}

function write(ctx, text, { x, y, angle }) {
  const p = palette();
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4;
  ctx.strokeStyle = p.water;
  ctx.strokeText(text, 0, 0);
  ctx.fillStyle = p.waterText;
  ctx.fillText(text, 0, 0);
  ctx.restore();
}
