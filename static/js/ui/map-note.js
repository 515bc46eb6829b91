/** Scale bar, the note about indicative lines, the position under the pointer. */
import { byId, fill, h } from "../dom.js";
import { t, title } from "../i18n.js";
import { number } from "../lib/format.js";
import { toPlane } from "../lib/geodesy.js";
import { state } from "../state.js";
import { isOn } from "../catalogue.js";
import { address } from "../url.js";
import { baseError, chosenBase } from "../basemaps.js";

const STEPS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];
const MAX_PX = 110;
const SCREEN_PX_PER_M = 96 / 0.0254;

const metresPerPixel = ({ lat, zoom }) => (40075016.686 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom);

function scaleBar(view) {
  const resolution = metresPerPixel(view);
  const metres = STEPS.filter((s) => s / resolution <= MAX_PX).at(-1) ?? STEPS[0];
  const bar = h("span.scale-bar");
  bar.style.setProperty("--w", `${metres / resolution}px`);
  const text = metres < 1000 ? `${metres} ${t("unit.m")}` : `${metres / 1000} ${t("unit.km")}`;
  return h("span.scale", {}, bar, text);
}

export const scaleOf = (view) => Math.round((metresPerPixel(view) * SCREEN_PX_PER_M) / 100) * 100;

/** Whose pictures lie below, and how far to trust their place. */
function baseNote() {
  const base = chosenBase();
  if (!base) return t("base.note");
  if (state.get("baseFailed") && !state.get("baseLoaded")) return t("base.failed", { name: title(base) });
  const from = [title(base), base.attribution].filter(Boolean).join(" · ");
  return base.datum === "GCJ-02" ? `${from} · ${t("base.gcj", { m: Math.max(1, Math.ceil(baseError())) })}` : from;
}

/** From somebody else's page to the whole map, as it stands. */
const wholeMap = () => h("a", { href: address({ embedded: false }), target: "_blank", rel: "noopener" }, t("app.name"));

export function mountMapNote() {
  const note = byId("mapnote");
  const position = h("span.position");
  const render = () => {
    const view = state.get("view");
    if (!view) return;
    fill(note, state.get("embedded") && wholeMap(), scaleBar(view), h("span.note", { class: chosenBase() ? "named" : "" }, baseNote()), position);
    const on = Object.keys(state.get("on")).filter(isOn).length;
    byId("map-summary").textContent = t("map.summary", { scale: number(scaleOf(view)), n: on });
  };
  state.on("view selection lang on base basemaps baseFailed baseLoaded", render);
  state.on("pointer", () => {
    const at = state.get("pointer");
    position.hidden = !at;
    if (!at) return;
    const [e, n] = toPlane([at.lng, at.lat]);
    position.textContent = `${t("map.coords", { lon: at.lng.toFixed(5), lat: at.lat.toFixed(5) })} · ${t("map.plane", { e: e.toFixed(0), n: n.toFixed(0) })}`;
  });
  render();
}
