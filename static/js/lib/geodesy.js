/** CGCS2000 figures in the page: geodesic areas and lengths, the 114°E plane. Pure. */
const A = 6378137;
const F = 1 / 298.257222101;
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const RAD = Math.PI / 180;
const N = F / (2 - F);
const RECTIFYING = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const LON0 = 114;
const FALSE_EASTING = 500000;
// Krüger's series, third order in the third flattening: 0.01 mm inside a 3° zone.
const ALPHA = [N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3, (13 / 48) * N ** 2 - (3 / 5) * N ** 3, (61 / 240) * N ** 3];
const BETA = [N / 2 - (2 / 3) * N ** 2 + (37 / 96) * N ** 3, (1 / 48) * N ** 2 + (1 / 15) * N ** 3, (17 / 480) * N ** 3];
const DELTA = [2 * N - (2 / 3) * N ** 2 - 2 * N ** 3, (7 / 3) * N ** 2 - (8 / 5) * N ** 3, (56 / 15) * N ** 3];

/** [lon, lat] degrees -> [easting, northing] metres in EPSG:4547. */
export function toPlane([lon, lat]) {
  const phi = lat * RAD;
  const lam = (lon - LON0) * RAD;
  const t = Math.sinh(Math.atanh(Math.sin(phi)) - E * Math.atanh(E * Math.sin(phi)));
  const xi = Math.atan2(t, Math.cos(lam));
  const eta = Math.atanh(Math.sin(lam) / Math.sqrt(1 + t * t));
  let x = eta;
  let y = xi;
  ALPHA.forEach((a, i) => {
    const k = 2 * (i + 1);
    x += a * Math.cos(k * xi) * Math.sinh(k * eta);
    y += a * Math.sin(k * xi) * Math.cosh(k * eta);
  });
  return [FALSE_EASTING + RECTIFYING * x, RECTIFYING * y];
}

/** [easting, northing] in EPSG:4547 -> [lon, lat] degrees. */
export function fromPlane([east, north]) {
  const y = north / RECTIFYING;
  const x = (east - FALSE_EASTING) / RECTIFYING;
  let xi = y;
  let eta = x;
  BETA.forEach((b, i) => {
    const k = 2 * (i + 1);
    xi -= b * Math.sin(k * y) * Math.cosh(k * x);
    eta -= b * Math.cos(k * y) * Math.sinh(k * x);
  });
  const chi = Math.asin(Math.sin(xi) / Math.cosh(eta));
  const phi = DELTA.reduce((sum, d, i) => sum + d * Math.sin(2 * (i + 1) * chi), chi);
  return [LON0 + Math.atan2(Math.sinh(eta), Math.cos(xi)) / RAD, phi / RAD];
}

const q = (s) => (1 - E2) * (s / (1 - E2 * s * s) + Math.atanh(E * s) / E);
const QP = q(1);
const AUTHALIC_RADIUS_2 = (A * A * QP) / 2;

function sphericalExcess(ring) {
  let sum = 0;
  for (let i = 0; i < ring.length - 1; i += 1) {
    const [lon1, lat1] = ring[i];
    const [lon2, lat2] = ring[i + 1];
    const b1 = Math.asin(q(Math.sin(lat1 * RAD)) / QP) / 2;
    const b2 = Math.asin(q(Math.sin(lat2 * RAD)) / QP) / 2;
    const t1 = Math.tan(b1);
    const t2 = Math.tan(b2);
    sum += 2 * Math.atan2(Math.tan(((lon2 - lon1) * RAD) / 2) * (t1 + t2), 1 + t1 * t2);
  }
  return sum;
}

const ringArea = (ring) => Math.abs(sphericalExcess(ring)) * AUTHALIC_RADIUS_2;

function shoelace(ring) {
  const points = ring.map(toPlane);
  const [x0, y0] = points[0];
  let sum = 0;
  for (let i = 0; i < points.length - 1; i += 1) {
    sum += (points[i][0] - x0) * (points[i + 1][1] - y0) - (points[i + 1][0] - x0) * (points[i][1] - y0);
  }
  return Math.abs(sum) / 2;
}

const polygonsOf = (geometry) => ({
  Polygon: [geometry.coordinates],
  MultiPolygon: geometry.coordinates,
}[geometry.type] ?? []);

const total = (geometry, of) => polygonsOf(geometry)
  .reduce((sum, rings) => sum + rings.reduce((a, ring, i) => a + (i ? -1 : 1) * of(ring), 0), 0);

/** Area on the ellipsoid, m². */
export const ellipsoidArea = (geometry) => total(geometry, ringArea);
/** Area in the EPSG:4547 plane, m². */
export const planeArea = (geometry) => total(geometry, shoelace);

/** Length in metres along a list of positions, by the local radius of curvature. */
export function pathLength(points) {
  let sum = 0;
  for (let i = 0; i < points.length - 1; i += 1) sum += distance(points[i], points[i + 1]);
  return sum;
}

/** Metres between two positions; good to a millimetre over a district. */
export function distance([lon1, lat1], [lon2, lat2]) {
  const mid = ((lat1 + lat2) / 2) * RAD;
  const w = Math.sqrt(1 - E2 * Math.sin(mid) ** 2);
  const east = (A / w) * Math.cos(mid) * (lon2 - lon1) * RAD;
  const north = ((A * (1 - E2)) / w ** 3) * (lat2 - lat1) * RAD;
  return Math.hypot(east, north);
}

/** Metres along a line on the plane of EPSG:4547. */
export function planeLength(points) {
  const plane = points.map(toPlane);
  return plane.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - plane[i][0], y - plane[i][1]), 0);
}
