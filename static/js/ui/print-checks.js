/** What to look at before printing, and the addresses for reports. */
import { button, h } from "../dom.js";
import { joined, t } from "../i18n.js";
import { state } from "../state.js";
import { toggle } from "./controls.js";
import { icon } from "./icons.js";
import { layerTitle } from "./layer-panel.js";
import { layerEvidence } from "./legend.js";
import { change, isPosted, lastingAddress, sheetNow, shownLayers, versionsNow } from "./print-request.js";
import { toast } from "./toast.js";

async function copy(f) {
  await navigator.clipboard?.writeText(lastingAddress(f)).catch(() => {});
  toast(t("print.copied"));
}

function check(good, text, note) {
  return h("li.check-row", { class: good ? "is-good" : "is-open" }, icon(good ? "check" : "warning"), h("div", {}, h("p", {}, text), note && h("p.cap", {}, note)));
}

/** Whether later versions change this sheet, and the switch. */
function versionsCheck(sheet) {
  const fixed = Boolean(sheet.pins) || Boolean(state.get("asOf"));
  const now = Object.entries({ ...versionsNow(), ...state.get("pinned"), ...sheet.pins }).filter(([id]) => id in versionsNow());
  const list = joined(now.map(([id, n]) => `${layerTitle(id)} ${t("version.n", { n })}`));
  const row = h("li.check-row", { class: fixed ? "is-good" : "is-plain" }, icon(fixed ? "check" : "info"),
    h("div", {}, h("p", {}, t(fixed ? "print.check.version" : "print.check.follows")), h("p.cap", {}, list)));
  return [row, !state.get("asOf") && h("li", {}, toggle({ label: t("print.pin"), name: "pin", checked: fixed, change: (on) => change({ pins: on ? { ...versionsNow(), ...state.get("pinned") } : null }) }))];
}

export function checklist() {
  const sheet = sheetNow();
  const layers = shownLayers();
  const guess = layers.some((id) => layerEvidence(id));
  return [
    h("h2", {}, t("print.checks")),
    h("ul", {}, check(Boolean(sheet.title), t(sheet.title ? "print.check.title" : "print.check.notitle")),
      check(layers.length > 0, layers.length ? t("print.check.layers", { n: layers.length }) : t("print.check.nolayers")),
      versionsCheck(sheet),
      check(!guess, t(guess ? "print.check.indicative" : "print.check.noindicative"), guess && t("print.check.indicative.say")),
      check(Boolean(sheet.approval), sheet.approval ? sheet.approval : t("print.review"), t("print.internal"))),
    h("h2", {}, t("print.lasting")), h("p.cap", {}, t(isPosted() ? "print.lasting.none" : "print.lasting.say")),
    !isPosted() && h("div.row.wrap", {}, ["pdf", "png", "svg"].map((f) => button("secondary small", t("print.copy", { f: f.toUpperCase() }), { onclick: () => copy(f) }, "copy"))),
  ];
}
