/** Where the line of a shape crosses itself. Pure. */
const cross = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

function meeting(a, b, c, d) {
  const [s, t] = [cross(c, d, a), cross(c, d, b)];
  const [u, v] = [cross(a, b, c), cross(a, b, d)];
  if (!(s * t < 0 && u * v < 0)) return null; // touching ends are no crossing
  const k = s / (s - t);
  return [a[0] + (b[0] - a[0]) * k, a[1] + (b[1] - a[1]) * k];
}

/** The first crossing of the closed ring through `points`: {sides: [i, j] (from 1), at}, or null. */
export function crossingOf(points) {
  const n = points.length;
  if (n < 4) return null;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 2; j < n; j += 1) {
      const at = (i || j < n - 1) && meeting(points[i], points[(i + 1) % n], points[j], points[(j + 1) % n]);
      if (at) return { sides: [i + 1, j + 1], at };
    }
  }
  return null;
}
