/** Figures as people read them: 亩 to 2 decimals, 公顷 4, ㎡ 0. Pure. */
export const M2_PER_MU = 2000 / 3;
const M2_PER_HA = 10_000;
const MINUS = "−";

const makers = new Map();
function fixed(decimals) {
  if (!makers.has(decimals)) {
    makers.set(decimals, new Intl.NumberFormat("en-US", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }));
  }
  return makers.get(decimals);
}

const grouped = (whole) => String(whole).replace(/\B(?=(\d{3})+$)/g, ",");

export function number(value, decimals = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  const whole = decimals === 0 && Number.isSafeInteger(value); // a formatter takes long to make: counts need none
  const text = (whole ? grouped(value) : fixed(decimals).format(value)).replace("-", MINUS);
  return /^−[0.,]*$/.test(text) ? text.slice(1) : text;
}

export function signed(value, decimals = 0) {
  const text = number(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

const UNITS = {
  mu: { per: M2_PER_MU, decimals: 2 },
  ha: { per: M2_PER_HA, decimals: 4 },
  m2: { per: 1, decimals: 0 },
};
export const unitNames = Object.keys(UNITS);

/** Square metres in a unit, as a number. */
export const inUnit = (m2, unit) => (m2 === null || m2 === undefined ? null : m2 / UNITS[unit].per);

/** Square metres in a unit, as text without the unit's name. */
export function area(m2, unit, decimals = UNITS[unit].decimals) {
  return number(inUnit(m2, unit), decimals);
}

/** The difference of two printed areas, so that what is printed adds up. */
export function printedDifference(a, b, unit) {
  const step = 10 ** UNITS[unit].decimals;
  const printed = (m2) => Math.round(inUnit(m2, unit) * step);
  return (printed(a) - printed(b)) / step;
}

export function length(metres) {
  if (metres === null || metres === undefined) return { value: "—", unit: "" };
  return metres < 1000
    ? { value: number(metres, 0), unit: "m" }
    : { value: number(metres / 1000, 2), unit: "km" };
}

export const percent = (share, decimals = 1) =>
  (share === null || share === undefined ? "—" : `${number(share * 100, decimals)}%`);

/** Round so that the parts still sum to the rounded whole (largest remainder). */
export function roundTogether(values, decimals) {
  const step = 10 ** decimals;
  const scaled = values.map((v) => v * step);
  const floors = scaled.map(Math.floor);
  const target = Math.round(scaled.reduce((a, b) => a + b, 0));
  let left = target - floors.reduce((a, b) => a + b, 0);
  const order = scaled.map((v, i) => [v - floors[i], i]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (const [, i] of order) {
    if (left <= 0) break;
    floors[i] += 1;
    left -= 1;
  }
  return floors.map((v) => v / step);
}

export function bytes(size) {
  if (size < 1024) return `${size} B`;
  const exponent = Math.min(3, Math.floor(Math.log(size) / Math.log(1024)));
  return `${number(size / 1024 ** exponent, 1)} ${["B", "KB", "MB", "GB"][exponent]}`;
}
