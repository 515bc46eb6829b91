/** Where the places of a chapter lie: a small map of the district beside its text. Its twin are the names in the text. */
import { collection } from "../catalogue.js";
import { ask } from "../commands.js";
import { button, fill, h } from "../dom.js";
import { knownFeature, loadFeatures } from "../features.js";
import { name, t } from "../i18n.js";
import { number } from "../lib/format.js";
import { state } from "../state.js";
import { badge } from "./evidence.js";
import { svg } from "./icons.js";

const HEIGHT = 400;
const PAD = { top: 56, side: 16, bottom: 18 };
const GROUND = ["district", "rivers", "metro-lines"];
const WIDE = 12.5; // px a Chinese character takes, and half of it any other
const TALL = 16;
const NAMED = 12;
const LARGE = 0.1; // of the district's box: shapes that hold others have an outline alone

/** From positions to points of a picture in which a box fits. */
function projection([west, south, east, north], width) {
  const narrow = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = Math.min((width - 2 * PAD.side) / ((east - west) * narrow), (HEIGHT - PAD.top - PAD.bottom) / (north - south));
  const [cx, cy] = [width / 2, PAD.top + (HEIGHT - PAD.top - PAD.bottom) / 2];
  return ([lon, lat]) => [cx + (lon - (west + east) / 2) * narrow * scale, cy - (lat - (south + north) / 2) * scale];
}

const parts = ({ type, coordinates: c }) => (type.startsWith("Multi") ? c : [c]);

function pathOf(geometry, to) {
  const line = (points, end = "") => `M${points.map((p) => to(p).map((n) => n.toFixed(1)).join(" ")).join("L")}${end}`;
  return geometry.type.endsWith("Polygon") ? parts(geometry).flatMap((rings) => rings.map((r) => line(r, "Z"))).join("") : parts(geometry).map((l) => line(l)).join("");
}

const ground = (to) => GROUND.flatMap((id) => (shapesOf(id)).map((f) => svg("path", { class: `dm-${id}`, d: pathOf(f.geometry, to), "fill-rule": "evenodd" })));
const shapesOf = (id) => loaded.get(id)?.filter((f) => f.geometry && !f.geometry.type.endsWith("Point")) ?? [];
const loaded = new Map();

/** Larger shapes lie below smaller ones, lines over them, points on top. */
const size = ({ geometry, box: [w, s, e, n] }) => (geometry.type.endsWith("Polygon") ? (e - w) * (n - s) : geometry.type.endsWith("Point") ? -2 : -1);

function mark({ ref, feature }, to, open) {
  const { geometry } = feature;
  const large = size(feature) > LARGE * size(shapesOf("district")[0]) ? " is-large" : "";
  const guess = (ref.evidence ?? feature.properties.evidence) === "indicative" ? " is-indicative" : "";
  const shapes = geometry.type.endsWith("Point")
    ? parts(geometry).map((p) => { const [cx, cy] = to(p); return svg("circle", { class: `dm-dot${guess}`, cx, cy, r: 4 }); })
    : [svg("path", { class: `${geometry.type.endsWith("Polygon") ? "dm-area" : "dm-line"}${guess}${large}`, d: pathOf(geometry, to), "fill-rule": "evenodd" })];
  const link = svg("a", { href: `/f/${ref.layer}/${ref.id}`, tabindex: "-1", "data-ref": `${ref.layer}/${ref.id}` }, ...shapes, svg("title", {}, label(ref)));
  link.addEventListener("click", (event) => { event.preventDefault(); open(ref); });
  return link;
}

const label = (ref) => name({ ...(knownFeature(ref.layer, ref.id)?.properties ?? ref), id: ref.id });
const widthOf = (text) => [...text].reduce((sum, c) => sum + (c > "\u2e80" ? WIDE : WIDE / 2), 0);

/** Names that find room: of areas, the largest first, then of points. */
function names(places, to, width) {
  const taken = [];
  return places.filter(({ feature }) => !feature.geometry.type.endsWith("LineString")).flatMap(({ ref, feature: { box: [w, s, e, n] } }) => {
    const text = label(ref);
    const [x, y] = to([(w + e) / 2, (s + n) / 2]);
    const half = widthOf(text) / 2;
    const box = [x - half, y - TALL / 2, x + half, y + TALL / 2];
    const free = box[0] > 4 && box[2] < width - 4 && box[1] > 4 && box[3] < HEIGHT - 4 && taken.every((b) => box[0] > b[2] || box[2] < b[0] || box[1] > b[3] || box[3] < b[1]);
    if (!free || taken.length >= NAMED) return [];
    taken.push(box);
    return [svg("text", { class: "dm-name", x: x.toFixed(1), y: (y + 4).toFixed(1) }, text)];
  });
}

const hatch = () => svg("pattern", { id: "dm-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("path", { d: "M0 0V7", class: "dm-hatch" }));

function picture(places, width, open) {
  const [home] = shapesOf("district");
  if (!home) return null;
  const to = projection(home.box, width);
  return svg("svg", { class: "dm", width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" },
    svg("defs", {}, hatch()), ...ground(to), ...places.map((p) => mark(p, to, open)), ...names(places, to, width));
}

/** What of the names in a chapter has a shape near the district. */
async function placesOf(refs) {
  const layers = [...new Set([...GROUND, ...refs.filter((r) => r.located !== false).map((r) => r.layer)])].filter((id) => collection(id));
  await Promise.all(layers.map((id) => loadFeatures(id).then((all) => loaded.set(id, all)).catch(() => {})));
  const [home] = shapesOf("district");
  const near = ({ box: [w, s, e, n] }) => home && w < home.box[2] && e > home.box[0] && s < home.box[3] && n > home.box[1];
  return refs.filter((ref) => !GROUND.slice(0, 2).includes(ref.layer)).map((ref) => ({ ref, feature: knownFeature(ref.layer, ref.id) }))
    .filter(({ feature }) => feature?.geometry && feature.box && near(feature)).sort((a, b) => size(a.feature) - size(b.feature)).reverse();
}

/** Everything shown, on the map itself. */
function openAll(places) {
  const on = { ...state.get("on"), ...Object.fromEntries(places.map(({ ref }) => [ref.layer, true])) };
  const boxes = places.map(({ feature }) => feature.box);
  const box = [0, 1].map((i) => Math.min(...boxes.map((b) => b[i]))).concat([2, 3].map((i) => Math.max(...boxes.map((b) => b[i]))));
  state.set({ on, place: "map", placeId: null, selection: null, hits: null });
  requestAnimationFrame(() => ask("fit", box));
}

/** {node, show(refs, title), point(ref)}: `open(ref)` leads to a feature's page. */
export function docMap(open) {
  const said = h("p.doc-map-said", {});
  const frame = h("div.doc-map-frame");
  const foot = h("div.doc-map-foot");
  const node = h("section.doc-map", { hidden: true, "aria-label": t("docs.map") }, frame, said, foot);
  let [turn, places, heading, width] = [0, [], "", 0];
  const draw = () => {
    width = node.clientWidth || 436;
    const guessed = places.some(({ ref, feature }) => (ref.evidence ?? feature.properties.evidence) === "indicative");
    fill(frame, picture(places, width, open));
    fill(said, h("strong.clip", {}, heading), h("span.cap", {}, t("docs.map.n", { n: number(places.length) })));
    fill(foot, guessed ? badge("indicative") : h("span"), button("secondary small", t("docs.map.open"), { onclick: () => openAll(places) }, "pin"));
  };
  new ResizeObserver(() => node.clientWidth && node.clientWidth !== width && draw()).observe(node);
  const show = async (refs, title) => {
    turn += 1;
    const mine = turn;
    const found = await placesOf(refs);
    if (mine !== turn || !found.length) return; // of a chapter without places the last map stays
    [places, heading] = [found, title];
    node.hidden = false;
    draw();
  };
  const point = (ref) => node.querySelectorAll("[data-ref]").forEach((el) => el.classList.toggle("is-hover", el.dataset.ref === ref));
  return { node, show, point };
}
