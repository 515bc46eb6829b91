/** The offset of Chinese web maps: where GCJ-02 tiles show a WGS 84 position, in degrees.
 *  As service geo/gcj02.py has it; good to some metres, for showing only. */
const A = 6378245; // Krassovsky, which the formula in common use assumes
const EE = 0.00669342162296594323;
const { PI, sin, sqrt, abs } = Math;

function metres(lon, lat) {
  const x = lon - 105;
  const y = lat - 35;
  const common = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    + ((20 * sin(y * PI) + 40 * sin((y / 3) * PI) + 160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    + ((20 * sin(x * PI) + 40 * sin((x / 3) * PI) + 150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  return [east, north];
}

export function toGcj02([lon, lat]) {
  const [east, north] = metres(lon, lat);
  const radians = (lat * PI) / 180;
  const magic = 1 - EE * sin(radians) ** 2;
  const dLat = (north * 180) / (((A * (1 - EE)) / (magic * sqrt(magic))) * PI);
  const dLon = (east * 180) / ((A / sqrt(magic)) * Math.cos(radians) * PI);
  return [lon + dLon, lat + dLat];
}

/** Where a shifted position lay before, to some metres. */
export function fromGcj02([lon, lat]) {
  let at = [lon, lat];
  for (let i = 0; i < 3; i += 1) {
    const [x, y] = toGcj02(at);
    at = [at[0] + lon - x, at[1] + lat - y];
  }
  return at;
}

/** How far tiles moved as the centre asks are out at the corners of a box, in metres. */
export function residual([lon, lat], [west, south, east, north]) {
  const [e, n] = metres(lon, lat);
  const corners = [[west, south], [west, north], [east, south], [east, north]];
  return Math.max(...corners.map((c) => metres(...c)).map(([ce, cn]) => Math.hypot(ce - e, cn - n)));
}
