/** Words. `t("key", {n: 3})`; what the server names bilingually goes through `title`. */
import { state } from "./state.js";
import { zh } from "./i18n/zh.js";
import { en } from "./i18n/en.js";

const TABLES = { zh, en };

export const lang = () => state.get("lang");

export function t(key, values = {}) {
  const text = TABLES[lang()][key] ?? zh[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const pick = (object, stem) => {
  const [first, second] = lang() === "zh" ? ["zh", "en"] : ["en", "zh"];
  return object?.[`${stem}_${first}`] || object?.[`${stem}_${second}`] || "";
};

export const title = (object) => pick(object, "title") || object?.id || "";

/** "0701 城镇住宅用地": the land use of a parcel, in the scheme that it is told in. */
function landUse(object) {
  const code = object?.landuse_code;
  const schemes = state.get("styles")?.schemes ?? {};
  const known = (schemes[object?.landuse_scheme] ?? Object.values(schemes)[0])?.find((entry) => entry.code === code);
  return [code, pick(known, "name")].filter(Boolean).join(" ");
}

/** What a thing is called; without a name a parcel goes by its code, else by its land use. */
export const name = (object) => pick(object, "name") || object?.parcel_code || landUse(object) || object?.id || "";

/** What tells two apart that only go by something: small, beside it. */
export const beside = (object) => (pick(object, "name") ? "" : object?.parcel_code ? landUse(object) : object?.landuse_code ? object.id : "");
export const otherName = (object) => (lang() === "zh" ? object?.name_en : object?.name_zh) || "";
export const words = (object, stem) => pick(object, stem);
export const joined = (parts) => parts.join(lang() === "zh" ? "、" : ", ");

/** The word for a code of a field, as the catalogue gives it. */
export function codeLabel(field, value) {
  const code = field?.codes?.[value];
  if (code) return code[lang()] || code.zh || code.en || String(value);
  return value === null || value === undefined || value === "" ? t("none") : String(value);
}

export function errorText(error) {
  return error?.text ? error.text(lang()) : t("error.unexpected");
}

export function day(iso) {
  if (!iso) return "—";
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const options = { year: "numeric", month: lang() === "zh" ? "numeric" : "short", day: "numeric" };
  return new Intl.DateTimeFormat(lang() === "zh" ? "zh-CN" : "en-GB", options).format(date);
}

export function moment(iso) {
  if (!iso) return "—";
  const options = { month: lang() === "zh" ? "numeric" : "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(lang() === "zh" ? "zh-CN" : "en-GB", options).format(new Date(iso));
}
