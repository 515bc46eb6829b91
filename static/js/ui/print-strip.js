/** The sheets of a series below the preview, small; one that is pressed is shown large. */
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { sizeOf } from "../lib/print-sheet.js";
import { sheetNow, sheetShown, showSheet, thumbnails } from "./print-request.js";

const named = (number) => (number ? t("print.sheet.n", { n: number }) : t("print.sheet.index"));

export function sheetStrip(ask) {
  const node = h("ol.sheet-strip", { hidden: true, "aria-label": t("print.sheets") });
  let drawn = "";
  const mark = () => node.querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.sheet === String(sheetShown() ?? ""))));
  const thumb = ({ number, source }) => {
    const [w, height] = sizeOf(sheetNow());
    const picture = source && h("img", { src: source, alt: "", loading: "lazy", width: Math.round((88 * w) / height), height: 88 });
    return h("li", {}, h("button.sheet-thumb", { type: "button", "data-sheet": String(number ?? ""), onclick: () => { showSheet(number); mark(); ask(); } }, picture, h("span.cap", {}, named(number))));
  };
  /** As many as there are now; the same ones stay as they are. */
  const show = (count) => {
    if (sheetShown() > count) showSheet(null);
    const all = thumbnails(count);
    node.hidden = !all.length;
    node.parentElement?.classList.toggle("has-strip", all.length > 0);
    const key = `${all.length} ${all[0]?.source}`;
    if (key !== drawn) fill(node, all.map(thumb));
    drawn = key;
    mark();
  };
  return { node, show };
}
