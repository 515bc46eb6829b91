/** What land use an area holds: a bar, its classes beside it; one chosen stands out on the map. */
import * as api from "../api.js";
import { collection, versionOf } from "../catalogue.js";
import { h } from "../dom.js";
import { name, t, title } from "../i18n.js";
import { number, roundTogether } from "../lib/format.js";
import { classOf } from "../lib/styling.js";
import { state } from "../state.js";
import { shownAs } from "../versions.js";
import { layerClasses, swatch } from "./legend.js";
import { pick } from "./stats-frame.js";

const OF = "parcels";
const LISTED = 5; // and one row for the rest
const kept = new Map(); // what was asked -> its answer

export const isComposed = (feature, layer) => Boolean(feature.geometry?.type.includes("Polygon") && collection(OF)?.feature_count
  && layer !== "district" && collection(layer)?.class_field !== "landuse_code");

function answerFor(query) {
  const key = `${new URLSearchParams(query)}/${versionOf(OF)}/${versionOf(query.within.split("/")[0])}`;
  if (!kept.has(key)) {
    const answer = api.get("statistics/balance", query, { quiet: true });
    kept.set(key, answer);
    answer.catch(() => kept.delete(key));
  }
  return kept.get(key);
}

/** The largest classes, the rest as one, with shares that sum to what is printed. */
function partsOf({ rows, scheme, unclassified }) {
  const classes = layerClasses(OF);
  const all = rows.map((r) => ({ key: r.code, label: name({ ...r, id: r.code }), area: r.area_m2, cls: classOf(classes, r.code, scheme) }));
  const open = unclassified?.area_m2 ?? 0;
  if (open > 0.5) all.push({ label: t("stats.unclassified"), area: open, cls: null });
  all.sort((a, b) => b.area - a.area);
  const rest = all.length > LISTED + 1 ? all.splice(LISTED) : [];
  if (rest.length) all.push({ label: t("compose.rest", { n: rest.length }), area: rest.reduce((sum, r) => sum + r.area, 0), cls: { fill: "var(--raised)", edge: "var(--control)" } });
  const whole = all.reduce((sum, r) => sum + r.area, 0);
  const shares = roundTogether(all.map((r) => (r.area / whole) * 100), 1);
  return all.map((part, i) => ({ ...part, share: shares[i] }));
}

function segment({ share, cls }) {
  const mark = h("span");
  mark.style.setProperty("--part", share);
  mark.style.setProperty("--fill", cls?.fill ?? "var(--raised)");
  mark.style.setProperty("--edge", cls?.edge ?? "var(--control)");
  return mark;
}

function row(part) {
  const said = [swatch(part.cls), h("span.grow.clip", {}, part.label), h("span.num", {}, `${number(part.share, 1)}%`)];
  if (!part.key) return h("li.compose-row", {}, said);
  const now = state.get("highlight");
  const on = now?.layer === OF && String(now.value) === part.key;
  const choose = (event) => {
    pick(OF, "landuse_code", part);
    const chosen = state.get("highlight")?.value === part.key;
    for (const each of event.currentTarget.closest("ul").querySelectorAll("button")) each.setAttribute("aria-pressed", String(chosen && each === event.currentTarget));
  };
  return h("li", {}, h("button.compose-row", { type: "button", title: part.label, "aria-pressed": String(on), onclick: choose }, said));
}

export function composition(feature, layer) {
  const body = h("div.composition", {}, h("div.compose-bar.bone"));
  const section = h("section.block", {}, h("div.block-head", {}, h("h2", {}, t("compose.title")), h("span.cap", {}, t("compose.note", { layer: title(collection(OF)) }))), body);
  answerFor({ layer: OF, level: 2, basis: state.get("basis"), within: `${layer}/${feature.id}`, ...shownAs(OF) }).then((answer) => {
    const parts = answer.rows.length ? partsOf(answer) : [];
    section.hidden = !parts.length;
    body.replaceChildren(h("div.compose-bar", { "aria-hidden": "true" }, parts.map(segment)), h("ul.compose-list", {}, parts.map(row)));
  }).catch(() => { section.hidden = true; });
  return section;
}
