/** How many metres of boundary two shapes share, on the local tangent plane. Pure. */
const METRES = 111_320; // a degree of latitude
const NEAR_M = 0.05;

function ringsOf({ type, coordinates: c }) {
  return { Polygon: () => c, MultiPolygon: () => c.flat(), LineString: () => [c], MultiLineString: () => c }[type]?.() ?? [];
}

function edgesOf(geometry, [x0, y0], k) {
  return ringsOf(geometry).flatMap((ring) => {
    const at = ring.map(([x, y]) => [(x - x0) * k, (y - y0) * METRES]);
    return at.slice(1).map((b, i) => [at[i], b]);
  });
}

/** The part of an edge along which another runs: [from, to] in metres from its start. */
function along([a, b], other) {
  const size = Math.hypot(b[0] - a[0], b[1] - a[1]);
  if (!size) return null;
  const [ux, uy] = [(b[0] - a[0]) / size, (b[1] - a[1]) / size];
  const ends = [];
  for (const [x, y] of other) {
    const [dx, dy] = [x - a[0], y - a[1]];
    if (Math.abs(dx * uy - dy * ux) > NEAR_M) return null;
    ends.push(dx * ux + dy * uy);
  }
  const [from, to] = [Math.max(0, Math.min(...ends)), Math.min(size, Math.max(...ends))];
  return to - from > NEAR_M ? [from, to] : null;
}

function covered(parts) {
  let [sum, end] = [0, 0];
  for (const [from, to] of parts.sort((a, b) => a[0] - b[0])) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}

export function sharedEdge(a, b) {
  const origin = ringsOf(a)[0]?.[0];
  if (!origin) return 0;
  const k = METRES * Math.cos((origin[1] * Math.PI) / 180);
  const others = edgesOf(b, origin, k);
  return edgesOf(a, origin, k).reduce((sum, edge) => sum + covered(others.map((o) => along(edge, o)).filter(Boolean)), 0);
}
