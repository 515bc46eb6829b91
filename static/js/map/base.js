/** Our own base: land in and out of the district, water, the coordinate grid, the boundary. */
import { baseCovered } from "../basemaps.js";
import { featuresOf } from "../features.js";
import { fromPlane, toPlane } from "../lib/geodesy.js";
import { state } from "../state.js";
import { mapFont, palette } from "./palette.js";
import { toPoint } from "./scene.js";
import { trace } from "./shapes.js";
import { cased } from "./strokes.js";
import { RIVERS } from "./water.js";

const district = () => featuresOf("district") ?? [];

export function paintBase(ctx, view) {
  if (baseCovered()) return;
  const p = palette();
  const { min, max } = view.bounds;
  ctx.fillStyle = p.outside;
  ctx.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
  ctx.fillStyle = p.inside;
  for (const feature of district()) {
    trace(ctx, view, feature);
    ctx.fill("evenodd");
  }
  paintWater(ctx, view, p);
  if (state.get("base") === "grid") paintGrid(ctx, view, p);
}

function paintBanks(ctx, view, colour, width) {
  ctx.lineWidth = width;
  ctx.fillStyle = colour;
  for (const feature of featuresOf("rivers") ?? []) {
    trace(ctx, view, feature);
    if (width) ctx.stroke();
    else ctx.fill("evenodd");
  }
}

function river(ctx, view, line) {
  ctx.beginPath();
  line.map((c) => toPoint(view, c)).forEach(([x, y], i, all) => {
    if (i === 0) ctx.moveTo(x, y);
    else if (i === all.length - 1) ctx.lineTo(x, y);
    else {
      const [nx, ny] = all[i + 1];
      ctx.quadraticCurveTo(x, y, (x + nx) / 2, (y + ny) / 2);
    }
  });
}

/** Mid-stream lines of the right width, and the catalogue's own banks where it has them. */
export function paintWater(ctx, view, p) {
  if (baseCovered()) return;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  for (const [colour, extra] of [[p.waterEdge, 1.4], [p.water, 0]]) {
    ctx.strokeStyle = colour;
    for (const { line, half } of RIVERS) {
      ctx.lineWidth = Math.max(1.5, half * 2 * view.metres) + extra;
      river(ctx, view, line);
      ctx.stroke();
    }
    paintBanks(ctx, view, colour, extra);
  }
}

/** The boundary stands over every fill, whatever is on. */
export function paintBoundary(ctx, view) {
  const p = palette();
  for (const feature of district()) {
    cased(ctx, () => trace(ctx, view, feature), {
      colour: p.boundary, width: 1.6, dash: [10, 3, 2, 3], casing: p.halo, casingWidth: 5,
    });
  }
}

const STEPS = [100, 200, 500, 1000, 2000, 5000, 10000, 20000];

/** Kilometre grid of EPSG:4547, as printed sheets carry it. */
function paintGrid(ctx, view, p) {
  const step = STEPS.find((s) => s * view.metres >= 90) ?? 50000;
  const [west, south, east, north] = view.box;
  const corners = [[west, south], [west, north], [east, south], [east, north]].map(toPlane);
  const span = (i) => [Math.min(...corners.map((c) => c[i])), Math.max(...corners.map((c) => c[i]))];
  const [e0, e1] = span(0);
  const [n0, n1] = span(1);
  ctx.strokeStyle = p.grid;
  ctx.fillStyle = p.gridText;
  ctx.font = mapFont(11);
  ctx.lineWidth = 1;
  for (let e = Math.ceil(e0 / step) * step; e <= e1; e += step) gridLine(ctx, view, [e, n0], [e, n1], e);
  for (let n = Math.ceil(n0 / step) * step; n <= n1; n += step) gridLine(ctx, view, [e0, n], [e1, n], n);
}

function gridLine(ctx, view, from, to, value) {
  const a = toPoint(view, fromPlane(from));
  const b = toPoint(view, fromPlane(to));
  ctx.beginPath();
  ctx.moveTo(...a);
  ctx.lineTo(...b);
  ctx.stroke();
  const x = (a[0] + b[0]) / 2;
  const y = (a[1] + b[1]) / 2;
  ctx.fillText((value / 1000).toFixed(1), x + 3, y - 3);
}
