/** What the pages of documents and of indicators share: the lists, once loaded, and the tabs. */
import * as api from "../api.js";
import { lang, t } from "../i18n.js";
import { segmented } from "./controls.js";
import { goTo } from "./topbar.js";

let documents = null;
let indicators = null;

export const loadDocuments = async () => {
  documents ??= (await api.get("documents")).documents;
  return documents;
};

export const loadIndicators = async () => {
  indicators ??= (await api.get("indicators")).indicators;
  return indicators;
};

/** The unit in the reader's language. */
export const unitOf = (i) => (lang() === "en" ? i.unit_en || i.unit : i.unit);

/** A figure or its year in the reader's language: `said(i, "target_year")`. */
export const said = (i, field) => (lang() === "en" ? i[`${field}_en`] || i[field] : i[field]);

export function docTabs(value) {
  return segmented({ label: t("nav.documents"), value, options: [["docs", t("docs.title")], ["indicators", t("docs.indicators")]], change: (place) => goTo(place) });
}
