/** The rules of parcels, run on a drawn shape as if it were one. */
import * as api from "../api.js";
import { fill, h, save } from "../dom.js";
import { errorText, t, words } from "../i18n.js";
import { number } from "../lib/format.js";
import { areaText, lengthText } from "../quantities.js";
import { state } from "../state.js";
import { failure, menu, skeleton } from "./controls.js";
import { badge } from "./evidence.js";
import { icon } from "./icons.js";
import { citation } from "./spoken.js";
import { toast } from "./toast.js";

const LAYER = "parcels";

function extent({ area_m2, length_m, width_m }) {
  const size = area_m2 === undefined ? lengthText(length_m ?? 0) : areaText(area_m2);
  return width_m ? t("check.extent", { size, width: lengthText(width_m) }) : size;
}

function row({ rule, outcome, findings, evidence, ...check }) {
  const first = findings[0];
  return h("li.check-row", { class: outcome === "conforms" ? "is-good" : "is-open", "data-outcome": outcome }, icon(outcome === "conforms" ? "check" : "warning"),
    h("div", {}, h("p", {}, h("strong", {}, words(check, "outcome")), " ", words(rule, "clause"), " ", badge(evidence)),
      first && h("p.cap", {}, words(first, "why"), " · ", extent(first)),
      h("p.cap", {}, t("check.source"), citation(rule.source))));
}

/** A section that asks for itself; rules that need a land-use code are only counted. */
export function drawChecks(geometry) {
  const box = h("div", { "aria-busy": "true" }, skeleton(2));
  const load = () => api.post("checks/run", { layer: LAYER, geometry }).then(({ checks }) => {
    const run = checks.filter((check) => check.checked > 0);
    const rest = checks.length - run.length;
    fill(box, h("ul", {}, run.map(row)), rest > 0 && h("p.cap", {}, t("check.rest", { n: number(rest) })));
    box.removeAttribute("aria-busy");
  }).catch((error) => fill(box, failure(errorText(error), load, t("action.retry"))));
  load();
  const take = async (f) => {
    const file = await api.postBlob(`checks/run?f=${f}&lang=${state.get("lang")}`, { layer: LAYER, geometry });
    save(file, `${t("stats.checks")}.${f}`);
  };
  const failed = (error) => toast(errorText(error));
  const files = menu(t("stats.export"), ["xlsx", "csv"].map((f) => h("button.menu-item", { type: "button", "data-f": f, onclick: () => take(f).catch(failed) }, icon("download"), h("span", {}, f.toUpperCase()))));
  return h("section.block.draw-checks", {}, h("div.block-head", {}, h("h2.grow", {}, t("check.title")), files), box);
}
