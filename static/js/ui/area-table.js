/** Two bases, three units, and the difference of what is printed. */
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { area, number, percent, printedDifference } from "../lib/format.js";
import { state } from "../state.js";

const UNITS = ["mu", "ha", "m2"];

function basisRow(basis, m2, marked) {
  const unit = state.get("unit");
  return h("tr", { class: marked ? "is-basis" : "" },
    h("th", { scope: "row" }, t(`area.${basis}`), marked && h("span.tag", { title: t("area.mark") }, t("area.stats"))),
    UNITS.map((u) => h("td.num", { class: u === unit ? "is-unit" : "", "data-unit": u, "data-basis": basis }, area(m2, u))));
}

const declaredM2 = (p) => {
  if (p.area_stated_mu) return (p.area_stated_mu * 2000) / 3;
  if (p.area_stated_ha) return p.area_stated_ha * 10_000;
  return p.area_declared_m2 ?? null;
};

function declared(p) {
  const m2 = declaredM2(p);
  if (!m2) return null;
  return h("tr", {}, h("th", { scope: "row" }, t("area.declared")), UNITS.map((u) => h("td.num", {}, area(m2, u))));
}

function unitHead(unit) {
  const on = state.get("unit") === unit;
  return h("th.num", { scope: "col" }, h("button.unit-head", { type: "button", "aria-pressed": String(on), onclick: () => state.set({ unit }) }, t(`unit.${unit}`)));
}

/** p: {area_m2, area_plane_m2, …} */
export function areaTable(p, { heading = t("area.title") } = {}) {
  const basis = state.get("basis");
  const d = Math.abs(printedDifference(p.area_plane_m2, p.area_m2, "m2"));
  const share = p.area_m2 ? (p.area_plane_m2 - p.area_m2) / p.area_m2 : 0;
  const sign = share >= 0 ? "+" : "";
  return h("section.block", {},
    h("div.block-head", {}, h("h2", {}, heading), h("span.cap", {}, t("area.both"))),
    h("table.area-table", {}, h("caption.sr", {}, `${t("area.both")} · ${t("area.crs")}`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("area.basis")), UNITS.map(unitHead))),
      h("tbody", {}, basisRow("ellipsoidal", p.area_m2, basis === "ellipsoidal"), basisRow("plane", p.area_plane_m2, basis === "plane"), declared(p))),
    h("div.row.between.cap.area-foot", {}, h("span", {}, t("area.crs")),
      h("span", {}, t("area.diff", { d: number(d), p: `${sign}${percent(share, 4)}` }))));
}

export function lengthTable(p) {
  const row = (basis, metres) => h("tr", { class: basis === state.get("basis") ? "is-basis" : "" },
    h("th", { scope: "row" }, t(`length.${basis}`)),
    h("td.num", {}, `${number(metres, 0)} ${t("unit.m")}`), h("td.num", {}, `${number(metres / 1000, 3)} ${t("unit.km")}`));
  return h("section.block", {}, h("div.block-head", {}, h("h2", {}, t("length.title")), h("span.cap", {}, t("area.both"))),
    h("table.area-table", {}, h("tbody", {}, row("ellipsoidal", p.length_m), row("plane", p.length_plane_m))));
}
