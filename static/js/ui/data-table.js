/** Tables of figures: a caption for readers of the screen, heads, and cells whose figures stand to the right. */
import { h } from "../dom.js";

/** The head of a column of figures, beside heads that are plain texts. */
export const num = (text) => ({ text, num: true });

export const figure = (text) => h("td.num", {}, text);

const head = ({ text, num: figures = false, span = null }) =>
  h(figures ? "th.num" : "th", { scope: "col", ...(span && { colSpan: span }) }, text);

export function dataTable(caption, columns, ...parts) {
  const heads = columns.filter(Boolean).map((column) => head(typeof column === "string" ? { text: column } : column));
  return h("table.data", {}, h("caption.sr", {}, caption), h("thead", {}, h("tr", {}, heads)), parts);
}
