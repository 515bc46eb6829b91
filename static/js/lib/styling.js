/** Reading the server's styles: one answer for map, legend and chart. Pure. */
const themed = (object, theme) => (theme === "dark" && object?.dark ? { ...object, ...object.dark } : object ?? {});

const swatch = (entry, theme) => ({
  value: entry.value ?? entry.code,
  zh: entry.zh ?? entry.name_zh ?? entry.value ?? entry.code,
  en: entry.en ?? entry.name_en ?? entry.value ?? entry.code,
  fill: (theme === "dark" ? entry.dark_fill : entry.light_fill) ?? themed(entry, theme).fill ?? null,
  edge: (theme === "dark" ? entry.dark_edge : entry.light_edge) ?? themed(entry, theme).edge ?? null,
  pattern: entry.pattern ?? null,
});

export const layerStyle = (style, theme) => themed(style, theme);

const cache = new WeakMap();

/** {field, list, byValue} of a layer's classes; land use comes from the schemes. */
export function classesOf(style, theme, schemes = {}) {
  if (!style?.classes) return null;
  const known = cache.get(style) ?? {};
  cache.set(style, known);
  known[theme] ??= build(style, theme, schemes);
  return known[theme];
}

function build(style, theme, schemes) {
  const own = (style.classes.values ?? []).map((entry) => swatch(entry, theme));
  const usual = Object.keys(schemes)[0];
  const tables = own.length ? {} : Object.fromEntries(Object.entries(schemes).map(([id, list]) => [id, indexed(list.map((entry) => swatch(entry, theme)))]));
  const byValue = own.length ? indexed(own) : tables[style.classes.scheme ?? usual] ?? new Map();
  return { field: style.classes.field, list: [...byValue.values()], byValue, tables };
}

const indexed = (list) => new Map(list.map((entry) => [String(entry.value), entry]));

/** A code's class, or its parent's when only that is drawn ("070102" -> "0701" -> "07"). */
export function classOf(classes, value, scheme = null) {
  if (!classes || value === null || value === undefined) return null;
  const table = classes.tables[scheme] ?? classes.byValue;
  let code = String(value);
  if (table.has(code)) return table.get(code);
  while (code.length > 1 && !table.has(code)) code = code.slice(0, /^\d+$/.test(code) ? -2 : -1);
  return table.get(code) ?? null;
}

/** The class of a feature: the same code means different things in different schemes. */
export const classFor = (classes, properties) => classOf(classes, properties[classes?.field], properties.landuse_scheme);
