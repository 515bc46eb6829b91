/** A position as it is typed, in any of the coordinate systems of the service. Pure. */
import { fromPlane } from "./geodesy.js";

const RADIUS = 6378137; // of the sphere that web maps are drawn on
const ZONE = 38_000_000; // EPSG:4526 puts its zone before the easting
const DEGREES = /(\d+(?:\.\d+)?)\s*[°度]\s*(?:(\d+(?:\.\d+)?)\s*['′分]\s*)?(?:(\d+(?:\.\d+)?)\s*["″秒]\s*)?/g;

const degrees = ([, d, m = 0, s = 0]) => Number(d) + Number(m) / 60 + Number(s) / 3600;
const geographic = (lng, lat) => lng > 70 && lng < 140 && lat > 3 && lat < 55;
const fromWebMercator = ([x, y]) => [(x / RADIUS) * (180 / Math.PI), (2 * Math.atan(Math.exp(y / RADIUS)) - Math.PI / 2) * (180 / Math.PI)];

/** [is it one of these, how to degrees, what it is called], east before north. */
const SYSTEMS = [
  [geographic, (at) => at, "EPSG:4490"],
  [(e, n) => e > 100_000 && e < 900_000 && n > 2_000_000 && n < 4_000_000, fromPlane, "EPSG:4547"],
  [(e, n) => e > ZONE + 100_000 && e < ZONE + 900_000 && n > 2_000_000 && n < 4_000_000, ([e, n]) => fromPlane([e - ZONE, n]), "EPSG:4526"],
  [(x, y) => x > 7_800_000 && x < 15_600_000 && y > 330_000 && y < 7_400_000, fromWebMercator, "EPSG:3857"],
];

const SYSTEM = /^\s*(?:EPSG\s*[:：]?\s*\d{4,5}|CGCS\s?2000|WGS\s?84|国家2000)\s*[:：,，]?/i; // the numbers tell it

/** "113 14 24, 23 5 24": degrees, minutes and seconds without signs. */
function unsigned(values) {
  const [a, b] = [values.slice(0, 3), values.slice(3)];
  const fits = values.length === 6 && [a, b].every(([, m, s]) => m >= 0 && m < 60 && s >= 0 && s < 60);
  return fits ? [a, b].map((parts) => degrees([0, ...parts])) : null;
}

const WORDS = /\b(?:SRID=\d+;|POINT|geo|lng|lon|lat|longitude|latitude)\b|"(?=[a-z]{3})|(?<=[a-z]{3})"|[{}&]/gi; // around the numbers
const THOUSANDS = /^\s*\d{1,3}(?:,\d{3})+(?:\.\d+)?[\s;]+\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*$/;

/** Full-width signs, the many signs of minutes and seconds, and what stands around the numbers, evened out. */
function plainly(given) {
  const narrow = given.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const text = narrow.replace(SYSTEM, "").replace(/[º˚]/g, "°").replace(/[’′]/g, "′").replace(/[”〃]/g, "″");
  const apart = text.replace(WORDS, " ").replace(/(\d)-(?=\d)/g, "$1 ").replace(/(\d)\s*(?:m|米)(?=[\s,;]|$)/g, "$1");
  return THOUSANDS.test(apart) ? apart.replaceAll(",", "") : apart;
}

/** "113°14′E" alone is a longitude, "23°06′N" a latitude: "lng" or "lat", else null. */
export function readHalf(given) {
  const found = [...plainly(given).matchAll(DEGREES)];
  if (found.length !== 1 || !/^[\s\d.°度′'分″"秒EeNn东北经纬]+$/.test(given)) return null;
  const value = degrees(found[0]);
  return value > 70 && value < 140 ? "lng" : value > 3 && value < 55 ? "lat" : null;
}

function numbers(given) {
  const text = plainly(given);
  const sexagesimal = [...text.matchAll(DEGREES)];
  if (sexagesimal.length === 2) return sexagesimal.map(degrees);
  const plain = text.replace(/[°度EeNnXxYy东北经纬:：=＝()（）[\]]/g, " ").trim().split(/[,，;；\s]+/).map(Number);
  if (!plain.every(Number.isFinite)) return null;
  return plain.length === 2 ? plain : unsigned(plain);
}

/** "113.24,23.09", "23°5′N 113°14′E", "422583 2558680", "38422583,2558680" -> {lng, lat, crs}, in either order; or null. */
export function readPosition(text) {
  const pair = numbers(text);
  if (!pair) return null;
  for (const at of [pair, [pair[1], pair[0]]]) {
    const system = SYSTEMS.find(([fits]) => fits(...at));
    if (system) {
      const [lng, lat] = system[1](at);
      return { lng, lat, crs: system[2] };
    }
  }
  return null;
}
