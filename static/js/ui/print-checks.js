/** What to look at before printing, and the addresses for reports. */
import { collection, versionOf } from "../catalogue.js";
import { button, h } from "../dom.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { icon } from "./icons.js";
import { layerTitle } from "./layer-panel.js";
import { layerEvidence } from "./legend.js";
import { lastingAddress, sheetNow, shownLayers } from "./print-request.js";
import { toast } from "./toast.js";

async function copy(f) {
  await navigator.clipboard?.writeText(lastingAddress(f)).catch(() => {});
  toast(t("print.copied"));
}

function check(good, text, note) {
  return h("li.check-row", { class: good ? "is-good" : "is-open" }, icon(good ? "check" : "warning"), h("div", {}, h("p", {}, text), note && h("p.cap", {}, note)));
}

export function checklist() {
  const sheet = sheetNow();
  const layers = shownLayers();
  const guess = layers.some((id) => layerEvidence(id));
  return [
    h("h2", {}, t("print.checks")),
    h("ul", {}, check(Boolean(sheet.title), t(sheet.title ? "print.check.title" : "print.check.notitle")),
      check(layers.length > 0, layers.length ? t("print.check.layers", { n: layers.length }) : t("print.check.nolayers")),
      check(true, t("print.check.version"), layers.filter(collection).slice(0, 4).map((id) => `${layerTitle(id)} ${t("version.n", { n: versionOf(id) })}`).join(state.get("lang") === "zh" ? "，" : ", ")),
      check(!guess, t(guess ? "print.check.indicative" : "print.check.noindicative"), guess && t("print.check.indicative.say")),
      check(Boolean(sheet.approval), sheet.approval ? sheet.approval : t("print.review"), t("print.internal"))),
    h("h2", {}, t("print.lasting")), h("p.cap", {}, t("print.lasting.say")),
    h("div.row.wrap", {}, ["pdf", "png", "svg"].map((f) => button("secondary small", t("print.copy", { f: f.toUpperCase() }), { onclick: () => copy(f) }, "copy"))),
    h("h2", {}, t("print.layers")), h("ul.print-layers", {}, layers.map((id) => h("li", {}, layerTitle(id)))),
  ];
}
