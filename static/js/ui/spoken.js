/** Words on an English page: what is still Chinese says so, for those who listen. */
import { h } from "../dom.js";
import { lang } from "../i18n.js";
import { cited, citedAfterNumber, citedWithin, lineNames, pieces } from "../lib/citations.js";

/** A text as it is; on the English page its Chinese parts are marked as Chinese. */
export const spoken = (text) => (lang() === "zh" || !text ? text : pieces(text).map(([part, chinese]) => (chinese ? h("span", { lang: "zh" }, part) : part)));

/** A reference to a chapter, in the reader's language where it can be told whole. */
export const citation = (text) => spoken(lang() === "zh" || !text ? text : cited(text) ?? citedAfterNumber(text));
export const withCitations = (text) => spoken(lang() === "zh" ? text : citedWithin(text));
export const lines = (text) => spoken(lang() === "zh" || !text ? text : lineNames(text));
