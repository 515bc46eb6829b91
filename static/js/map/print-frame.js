/** The paper's frame on the map: dragged, scaled by its corners, turned by its handle, or by the keys. */
import { append, h } from "../dom.js";
import { t } from "../i18n.js";
import { number } from "../lib/format.js";
import { LEAST_SCALE, MOST_SCALE, scaleNear, scaleStep, turned } from "../lib/print-sheet.js";
import { state } from "../state.js";
import { freePadding } from "./frame.js";
import { L } from "./leaflet.js";

const EQUATOR_M = 40075016.685578; // round the sphere that Web Mercator unrolls
const MERIDIAN = 114; // the middle of the plane of EPSG:4547
const CORNERS = [["nw", -1, -1], ["ne", 1, -1], ["se", 1, 1], ["sw", -1, 1]];
const radians = (degrees) => (degrees * Math.PI) / 180;

/** The frame stands on the map while the print page places it. Returns the undo. */
export function followFrame(map) {
  const box = h("div.print-frame", { tabindex: "0", role: "application", "aria-roledescription": t("frame.role"), "aria-describedby": "frame-keys" });
  const sign = h("p.frame-sign", { "aria-hidden": "true" });
  const turn = h("div.frame-turn", { "aria-hidden": "true", title: t("frame.turn") });
  append(box, [CORNERS.map(([name]) => h(`div.frame-corner.at-${name}`, { "aria-hidden": "true", title: t("frame.scale") })), turn, h("div.frame-up", { "aria-hidden": "true" }), sign]);
  const others = L.layerGroup().addTo(map);
  const keys = h("p.sr", { id: "frame-keys" }, t("frame.keys"));
  append(map.getContainer(), [box, keys]);
  L.DomEvent.disableScrollPropagation(turn);
  const draw = () => place(map, box, sign);
  const sheets = () => {
    if (state.get("printFrame")?.fit) fitFrame(map);
    drawSheets(map, others);
  };
  listen(map, box);
  box.addEventListener("keydown", onKey);
  map.on("move zoom zoomend viewreset resize", draw);
  const stop = state.on("printFrame", () => { draw(); sheets(); });
  draw();
  sheets();
  return () => {
    stop();
    map.off("move zoom zoomend viewreset resize", draw);
    others.remove();
    [box, keys].forEach((el) => el.remove());
  };
}

/** Degrees that the frame is turned on the screen: against the map's turn, and off the grid's north. */
const onScreen = ({ rotation, at }) => -(rotation + (MERIDIAN - at[0]) * Math.sin(radians(at[1])));

function pixelsPerMm(map, { scale, at }) {
  const metres = (EQUATOR_M * Math.cos(radians(at[1]))) / (256 * 2 ** map.getZoom());
  return scale / 1000 / metres;
}

function place(map, box, sign) {
  const frame = state.get("printFrame");
  box.hidden = !frame?.at;
  if (box.hidden) return;
  const k = pixelsPerMm(map, frame);
  const { x, y } = map.latLngToContainerPoint([frame.at[1], frame.at[0]]);
  const width = frame.size.width * k;
  const height = frame.size.height * k;
  Object.assign(box.style, { width: `${width}px`, height: `${height}px`, transform: `translate(${x - width / 2}px, ${y - height / 2}px) rotate(${onScreen(frame)}deg)` });
  const words = t("frame.sign", { paper: frame.paper, scale: number(frame.scale), degrees: number(frame.rotation, Number.isInteger(frame.rotation) ? 0 : 1) });
  sign.style.rotate = `${-onScreen(frame)}deg`;
  sign.textContent = words;
  box.classList.toggle("is-several", frame.rings.length > 1);
  box.setAttribute("aria-label", words);
}

/** All of the frame, and of the sheets, beside the panels. */
function fitFrame(map) {
  const { rings } = state.get("printFrame");
  const bounds = L.latLngBounds(rings.flat().map(([lng, lat]) => [lat, lng]));
  if (bounds.isValid()) map.fitBounds(bounds, { ...freePadding(map), animate: false });
}

function drawSheets(map, group) {
  group.clearLayers();
  const { rings = [] } = state.get("printFrame") ?? {};
  if (rings.length < 2) return;
  rings.forEach((ring, n) => {
    const shape = L.polygon(ring.map(([lng, lat]) => [lat, lng]), { pane: "selected", className: "frame-sheet", interactive: false, renderer: L.svg({ pane: "selected" }), weight: 1.5, dashArray: "6 4", fill: false });
    group.addLayer(shape);
    group.addLayer(L.marker(shape.getBounds().getCenter(), { pane: "labels", interactive: false, keyboard: false, icon: L.divIcon({ className: "frame-number", html: String(n + 1), iconSize: [28, 28] }) }));
  });
}

const tell = (patch, done) => {
  const frame = state.get("printFrame");
  const next = { ...frame, ...patch, from: frame.from ?? frame.at, rescaled: frame.rescaled || "scale" in patch, rings: Object.keys(patch).length ? [] : frame.rings, moved: true, fit: false, settled: done };
  state.set({ printFrame: next });
};

/** What a pointer that went down here does while it moves. */
function actionOf(map, target, start) {
  const frame = state.get("printFrame");
  const middle = map.latLngToContainerPoint([frame.at[1], frame.at[0]]);
  const away = (p) => Math.hypot(p.x - middle.x, p.y - middle.y);
  const angle = (p) => (Math.atan2(p.y - middle.y, p.x - middle.x) * 180) / Math.PI;
  if (target.closest(".frame-turn")) {
    return (p, event) => {
      const degrees = turned(frame.rotation - (angle(p) - angle(start)));
      return { rotation: event.altKey ? degrees : turned(Math.round(degrees)) };
    };
  }
  if (target.closest(".frame-corner")) {
    return (p, event) => ({ scale: scaleNear((frame.scale * away(p)) / Math.max(away(start), 1), event.altKey) });
  }
  return (p) => {
    const { lng, lat } = map.containerPointToLatLng([middle.x + p.x - start.x, middle.y + p.y - start.y]);
    return { at: [lng, lat] };
  };
}

function listen(map, box) {
  const point = (event) => map.mouseEventToContainerPoint(event);
  let act = null;
  box.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    act = actionOf(map, event.target, point(event));
    event.preventDefault(); // or the words of the page are selected
    box.focus({ preventScroll: true });
    box.setPointerCapture(event.pointerId);
    box.classList.add("is-held");
    event.stopPropagation();
  });
  box.addEventListener("pointermove", (event) => { if (act) tell(act(point(event), event), false); });
  const end = () => {
    if (!act) return;
    act = null;
    box.classList.remove("is-held");
    tell({}, true);
  };
  box.addEventListener("pointerup", end);
  box.addEventListener("pointercancel", end);
  for (const name of ["mousedown", "touchstart", "dblclick", "click"]) box.addEventListener(name, (event) => event.stopPropagation());
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Arrows move by a twentieth of the frame, with Shift by a half; + and - step the scale, [ and ] turn. */
function onKey(event) {
  const { at, scale, rotation, size } = state.get("printFrame");
  const step = event.shiftKey ? 0.5 : 0.05;
  const patch = () => {
    if (WAYS[event.key]) {
      const metres = (Math.min(size.width, size.height) * scale * step) / 1000;
      const [x, y] = WAYS[event.key];
      return { at: [at[0] + (x * metres * 360) / (EQUATOR_M * Math.cos(radians(at[1]))), at[1] + (y * metres * 360) / EQUATOR_M] };
    }
    if ("+=".includes(event.key)) return { scale: Math.max(LEAST_SCALE, scaleStep(scale, -1)) };
    if ("-_".includes(event.key)) return { scale: Math.min(MOST_SCALE, scaleStep(scale, 1)) };
    if ("[{".includes(event.key)) return { rotation: turned(rotation - (event.shiftKey ? 15 : 1)) };
    if ("]}".includes(event.key)) return { rotation: turned(rotation + (event.shiftKey ? 15 : 1)) };
    return event.key === "0" ? { rotation: 0 } : null;
  };
  const change = event.ctrlKey || event.metaKey || event.key.length === 0 ? null : patch();
  if (!change) return;
  event.preventDefault();
  event.stopPropagation();
  tell(change, true);
}
