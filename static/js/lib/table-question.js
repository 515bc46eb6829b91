/** What a table is asked for: rows that say something, in an order. Both for the service and in the page. Pure. */

const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;
const literal = (text) => text.replace(/[\\%_]/g, (c) => `\\${c}`);
const hasCase = (text) => text.toLowerCase() !== text.toUpperCase();

/** Of texts without case the plain comparison is the same, and quicker. */
function says(field, text) {
  const pattern = quoted(`%${literal(text)}%`);
  return hasCase(text) ? `CASEI(${field}) LIKE CASEI(${pattern})` : `${field} LIKE ${pattern}`;
}

const has = (value, text) => String(value ?? "").toLowerCase().includes(text.toLowerCase());

/** Codes whose words hold the text: `words` is {code: [word, word]}. */
const coded = (words, text) => Object.entries(words).filter(([, said]) => said.some((word) => has(word, text))).map(([code]) => code);

/** CQL2: one of the fields says the text. searched: [{name, words?}]. Null: nothing was asked. */
export function sayingFilter(searched, text) {
  if (!text) return null;
  return searched.flatMap(({ name, words }) => {
    const codes = words ? coded(words, text) : [];
    return [says(name, text), codes.length && `${name} IN (${codes.map(quoted).join(", ")})`].filter(Boolean);
  }).join(" OR ");
}

/** The same of a feature in the page. */
export function saysSo({ id, properties }, searched, text) {
  if (!text) return true;
  return searched.some(({ name, words }) => {
    const value = name === "id" ? id : properties[name];
    return has(value, text) || (words?.[value] ?? []).some((word) => has(word, text));
  });
}

/** `sortby` of the column asked for: "-area_m2"; a name may stand in several fields. */
export const sortParam = (keys, down) => (keys?.length ? keys.map((key) => `${down ? "-" : ""}${key}`).join(",") : null);

/** "-area_m2" <-> {key, down}. */
export const parseSort = (text) => (text ? { key: text.replace(/^-/, ""), down: text.startsWith("-") } : { key: null, down: false });
export const formatSort = ({ key, down }) => (key ? `${down ? "-" : ""}${key}` : null);

/** Features in the order of a column; what says nothing comes last either way, as the service has it. */
export function sorted(features, of, down) {
  const value = new Map(features.map((f) => [f, of(f) ?? null]));
  const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "zh"));
  return [...features].sort((f, g) => {
    const [a, b] = [value.get(f), value.get(g)];
    if (a === null || b === null) return (a === null) - (b === null);
    return order(a, b) * (down ? -1 : 1);
  });
}
