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
  const list = own.length ? own : schemeClasses(style.classes.scheme, theme, schemes);
  const byValue = new Map(list.map((entry) => [String(entry.value), entry]));
  return { field: style.classes.field, list, byValue };
}

function schemeClasses(scheme, theme, schemes) {
  const all = scheme && schemes[scheme] ? schemes[scheme] : Object.values(schemes).flat();
  return all.map((entry) => swatch(entry, theme));
}

/** A code's class, or its parent's when only that is drawn ("070102" -> "0701" -> "07"). */
export function classOf(classes, value) {
  if (!classes || value === null || value === undefined) return null;
  let code = String(value);
  if (classes.byValue.has(code)) return classes.byValue.get(code);
  while (/^\d+$/.test(code) && code.length > 2) {
    code = code.slice(0, -2);
    if (classes.byValue.has(code)) return classes.byValue.get(code);
  }
  return null;
}
