/** The rectangle among obstacles in which a shape can be shown largest. Pure; pixels. */

const meets = (a, b) => a.x0 < b.x1 && a.x1 > b.x0 && a.y0 < b.y1 && a.y1 > b.y0;
const sorted = (values, most) => [...new Set(values.map((v) => Math.min(most, Math.max(0, v))))].sort((a, b) => a - b);

/** How large a shape of that width to height becomes in a rectangle, with a gap around it. */
export function sizeIn({ x0, y0, x1, y1 }, aspect, gap) {
  return Math.min((x1 - x0 - 2 * gap) / aspect, y1 - y0 - 2 * gap);
}

const pairs = (edges) => edges.flatMap((a, i) => edges.slice(i + 1).map((b) => [a, b]));

/** Of all rectangles between edges the best one; null if nothing has any room. */
export function bestRoom({ width, height }, obstacles, aspect, gap) {
  const columns = pairs(sorted([0, width, ...obstacles.flatMap((o) => [o.x0, o.x1])], width));
  const rows = pairs(sorted([0, height, ...obstacles.flatMap((o) => [o.y0, o.y1])], height));
  let best = null;
  for (const [x0, x1] of columns) {
    for (const [y0, y1] of rows) {
      const room = { x0, y0, x1, y1 };
      const size = sizeIn(room, aspect, gap);
      const area = (x1 - x0) * (y1 - y0);
      const better = size > 0 && (!best || size > best.size || (size === best.size && area > best.area));
      if (better && !obstacles.some((o) => meets(room, o))) best = { room, size, area };
    }
  }
  return best?.room ?? null;
}
