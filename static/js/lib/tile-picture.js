/** A vector tile as a picture: on the page or beside it, by one rule. Knows what it is told, nothing else. */
import { Coverage, rgbOf } from "./coverage.js";
import { emphasisOf } from "./emphasis.js";
import { drawHatch } from "./hatch.js";
import { classFor } from "./styling.js";
import { passesFilter } from "./validity.js";

const UNCLASSED = 0.5; // what has no class lets the base through
const MANY = 60; // parts a path: browsers take ten times as long over the points of one path of thousands
const FINE = 4; // pixels: an outline would hide the colour of what is no larger

/** Fill a canvas's context with decoded layers. `look` says in what colours; see tiles.js. */
export function paintTile(ctx, layers, look, size) {
  layers.forEach((layer, i) => {
    const k = size / layer.extent;
    const groups = byClass(layer, look);
    if (i === 0) fillFar(ctx, layer, groups, look, size); // takes the whole picture, so it comes first
    ctx.setTransform(k, 0, 0, k, 0, 0);
    for (const group of groups) paintGroup(ctx, layer, group, look, 1 / k);
  });
}

const colourOf = ({ cls }, look) => cls?.fill ?? look.fill;
const opacityOf = ({ cls, alpha }) => (cls ? alpha : alpha * UNCLASSED);

/** Joined shapes are many, small and never over each other: filled by how much of each pixel they cover. */
function fillFar(ctx, layer, groups, look, size) {
  const far = groups.filter((group) => group.joined && group.type === 3 && !group.cls?.pattern && rgbOf(colourOf(group, look)));
  if (!far.length) return;
  const coverage = new Coverage(size);
  for (const group of far) {
    coverage.with(rgbOf(colourOf(group, look)), opacityOf(group));
    for (const feature of group.features) cover(coverage, layer, feature, size / layer.extent);
    group.filled = true;
  }
  ctx.putImageData(new ImageData(coverage.pixels(), size, size), 0, 0);
}

function cover(coverage, { xy, start }, { first, last }, k) {
  for (let part = first; part < last; part += 1) coverage.ring(xy, start[part], start[part + 1], k);
}

/** Features by the class that colours them, so that each class is one path. */
function byClass(layer, look) {
  const groups = new Map();
  for (const feature of layer.features) {
    if (look.without?.has(feature.id)) continue;
    if (!passesFilter(look.filter, look.day, feature.properties)) continue;
    const cls = classFor(look.classes, feature.properties);
    const alpha = emphasisOf(look.highlight, look.layer, feature);
    const joined = feature.properties.feature_count !== undefined; // many features seen from afar
    const key = `${feature.type}|${cls?.value}|${alpha}|${joined}`;
    if (!groups.has(key)) groups.set(key, { cls, alpha, joined, type: feature.type, features: [] });
    groups.get(key).features.push(feature);
  }
  return [...groups.values()];
}

/** Rings wound the other way are holes of the ring before them. */
function isHole({ xy, start }, part) {
  const end = start[part + 1];
  let area = 0;
  for (let i = start[part], j = end - 2; i < end; j = i, i += 2) area += xy[j] * xy[i + 1] - xy[i] * xy[j + 1];
  return area < 0;
}

/** Whether a path is larger than so many units one way. */
function exceeds({ xy, start }, part, least) {
  const from = start[part];
  for (let i = from + 2; i < start[part + 1]; i += 2) {
    if (Math.abs(xy[i] - xy[from]) > least || Math.abs(xy[i + 1] - xy[from + 1]) > least) return true;
  }
  return false;
}

/** The parts of a class in handfuls, a ring never apart from its holes. */
function* handfuls(layer, { features, type }) {
  let parts = [];
  for (const { first, last } of features) {
    for (let part = first; part < last; part += 1) {
      if (parts.length >= MANY && !(type === 3 && isHole(layer, part))) {
        yield parts;
        parts = [];
      }
      parts.push(part);
    }
  }
  yield parts;
}

function trace(ctx, layer, parts, type) {
  ctx.beginPath();
  for (const part of parts) tracePart(ctx, layer, part, type);
}

function tracePart(ctx, { xy, start }, part, type) {
  const from = start[part];
  const end = start[part + 1];
  ctx.moveTo(type === 1 ? xy[from] + 12 : xy[from], xy[from + 1]);
  if (type === 1) {
    ctx.arc(xy[from], xy[from + 1], 12, 0, 7);
    return;
  }
  for (let i = from + 2; i < end; i += 2) ctx.lineTo(xy[i], xy[i + 1]);
  if (type === 3) ctx.closePath();
}

const patternOf = (ctx, colour, { ratio }) => {
  const pattern = ctx.createPattern(drawHatch(colour, 7, 1.1, false, ratio), "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
};

function paintGroup(ctx, layer, group, look, pixel) {
  const { cls, alpha, type, joined } = group;
  ctx.fillStyle = cls?.pattern ? patternOf(ctx, cls.edge, look) : colourOf(group, look);
  ctx.lineWidth = (cls?.edge ? 0.7 : 1) * pixel * look.ratio;
  ctx.strokeStyle = cls?.edge ?? look.stroke;
  const least = FINE * pixel * look.ratio;
  for (const parts of handfuls(layer, group)) {
    const bordered = joined && type === 3 ? parts.filter((part) => exceeds(layer, part, least)) : parts;
    if (type !== 2 && !group.filled) {
      trace(ctx, layer, parts, type);
      ctx.globalAlpha = opacityOf(group);
      ctx.fill(); // rings are wound, so holes stay open
    }
    if (!bordered.length) continue;
    if (type === 2 || group.filled || bordered.length < parts.length) trace(ctx, layer, bordered, type);
    ctx.globalAlpha = alpha;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}
