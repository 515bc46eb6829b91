/** Strokes with a meaning: solid is a promise, dashed and hatched is a guess. */
import { drawHatch } from "../lib/hatch.js";
import { palette } from "./palette.js";

export function hatch(ctx, colour, { pitch = 7, width = 1.1, down = false } = {}) {
  const ratio = window.devicePixelRatio || 1;
  const pattern = ctx.createPattern(drawHatch(colour, pitch, width, down, ratio), "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}

/** Lay hatching inside the current path: over all of it, or as a band along its edge. */
export function hatchInside(ctx, path, { colour, band = 0, alpha = 0.5, down = false, pitch = 7 }) {
  ctx.save();
  ctx.globalAlpha *= alpha;
  path();
  if (band) {
    ctx.clip("evenodd");
    ctx.strokeStyle = hatch(ctx, colour, { down, pitch });
    ctx.lineWidth = band * 2;
    ctx.setLineDash([]);
    path();
    ctx.stroke();
  } else {
    ctx.fillStyle = hatch(ctx, colour, { down, pitch });
    ctx.fill("evenodd");
  }
  ctx.restore();
}

/** A line over its casing. */
export function cased(ctx, path, { colour, width, dash = [], casing, casingWidth }) {
  ctx.lineJoin = "round";
  ctx.lineCap = dash.length ? "butt" : "round";
  if (casing) {
    ctx.setLineDash([]);
    ctx.strokeStyle = casing;
    ctx.lineWidth = casingWidth ?? width + 2.4;
    path();
    ctx.stroke();
  }
  ctx.setLineDash(dash);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  path();
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Dashes keep their length on screen; far out they are thinner, so that shapes stay apart. */
export const indicativeLine = (zoom) => {
  const p = palette();
  const far = zoom < 12;
  return { colour: p.indicative, width: far ? 1.1 : 1.6, dash: far ? [5, 3] : [7, 4], casing: p.halo, casingWidth: far ? 2 : 3.6 };
};

export function dot(ctx, [x, y], { radius, fill, stroke, width }) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.lineWidth = width;
  ctx.strokeStyle = stroke;
  ctx.stroke();
}
