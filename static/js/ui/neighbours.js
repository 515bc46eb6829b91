/** What lies beside a feature in its own layer: asked when the reader comes to it. */
import * as api from "../api.js";
import { collection } from "../catalogue.js";
import { h } from "../dom.js";
import { fetchFeature } from "../features.js";
import { errorText, name, t } from "../i18n.js";
import { number } from "../lib/format.js";
import { sharedEdge } from "../lib/shared-edge.js";
import { lengthText } from "../quantities.js";
import { state } from "../state.js";
import { otherShownAs, shownAs } from "../versions.js";
import { failure, skeleton } from "./controls.js";
import { badge } from "./evidence.js";

const AROUND_M = [100, 500, 3000]; // looked at in turn, until enough is found
const ENOUGH = 3;
const LISTED = 8;
const DEGREE_M = 111_320;
const TOUCHING_M = 0.01;

const quoted = (id) => `'${String(id).replaceAll("'", "''")}'`;

function boxAround([west, south, east, north], metres) {
  const dy = metres / DEGREE_M;
  const dx = dy / Math.cos((south * Math.PI) / 180);
  return [west - dx, south - dy, east + dx, north + dy].map((n) => n.toFixed(6)).join(",");
}

/** Features of the layer within those metres, nearest first: [{id, name_zh, distance}]. */
async function within(feature, layer, metres) {
  const self = otherShownAs("to", layer);
  const only = [`id = ${quoted(feature.id)}`, self["to-filter"]].filter(Boolean).map((p) => `(${p})`).join(" AND ");
  const query = {
    layer, to: layer, distance: metres, ...self, "to-filter": only,
    ...shownAs(layer, `id <> ${quoted(feature.id)} AND S_INTERSECTS(geometry, BBOX(${boxAround(feature.box, metres)}))`),
  };
  const { features, evidence } = await api.get("statistics/proximity", query, { name: "neighbours" });
  const found = features.filter((f) => f.nearest && f.nearest.distance_m <= metres).map((f) => ({ ...f, distance: f.nearest.distance_m }))
    .sort((a, b) => a.distance - b.distance);
  return { found, evidence };
}

async function neighboursOf(feature, layer) {
  let answer = null;
  for (const metres of AROUND_M) {
    answer = await within(feature, layer, metres);
    if (answer.found.length >= ENOUGH) break;
  }
  return answer;
}

function row(near, feature, layer) {
  const how = h("span.num", {}, near.distance > TOUCHING_M ? lengthText(near.distance) : t("near.touch"));
  const link = h("button.link.ink.grow.clip", { type: "button", onclick: () => state.set({ selection: { layer, id: near.id }, hits: null, tab: "overview" }) }, name(near));
  fetchFeature(layer, near.id).then(({ geometry, properties }) => {
    link.textContent = name({ ...properties, id: near.id });
    const shared = near.distance <= TOUCHING_M ? sharedEdge(feature.geometry, geometry) : 0;
    if (shared > 0) how.textContent = t("near.shared", { d: lengthText(shared) });
  }).catch(() => {});
  return h("li.near-row", { "data-neighbour": near.id }, link, how);
}

/** Calls once when the element comes into sight. */
function whenSeen(element, act) {
  const seen = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    seen.disconnect();
    act();
  });
  seen.observe(element);
}

export function neighbours(feature, layer) {
  if (!feature.box || (collection(layer)?.feature_count ?? 0) < 2) return null;
  const list = h("ul.near", {}, h("li", {}, skeleton(2)));
  const more = h("span.cap");
  const basis = h("span");
  const load = () => neighboursOf(feature, layer).then(({ found, evidence }) => {
    if (found.length) basis.replaceChildren(badge(evidence, { small: true }));
    list.replaceChildren(...found.slice(0, LISTED).map((near) => row(near, feature, layer)));
    if (!found.length) list.append(h("li.cap", {}, t("near.none", { d: lengthText(AROUND_M.at(-1)) })));
    more.textContent = found.length > LISTED ? t("near.more", { n: number(LISTED), all: number(found.length) }) : t("near.note");
  }).catch((error) => error.name !== "AbortError" && list.replaceChildren(h("li", {}, failure(errorText(error), load, t("action.retry")))));
  const section = h("section.block", { "data-block": "neighbours" }, h("div.block-head", {}, h("h2", {}, t("near.title")), basis, more), list);
  whenSeen(section, load);
  return section;
}
