/** A drawn shape stays open to change: its vertices are handles, by mouse, finger or keys. */
import { crossingOf } from "../lib/crossing.js";
import { closedRing } from "../lib/outline.js";
import { t } from "../i18n.js";
import { sketch } from "../sketch.js";
import { state } from "../state.js";
import { L } from "./leaflet.js";
import { snapTo } from "./snap.js";

const MOST = 60; // handles; a shape of more vertices, as a circle is, is left as it is
const SIZE = [28, 28];
let past = [];
let future = [];
let live = null; // the ring while a handle is moved

const ringOf = (drawn) => (drawn?.type === "Polygon" && drawn.coordinates.length === 1 ? drawn.coordinates[0].slice(0, -1) : null);
const open = () => (state.get("tool") === "draw" && !state.get("fromFile") ? ringOf(state.get("drawn")) : null);

/** The shape as it is being moved, or null. */
export const shapeUnderHand = () => (live ? closedRing(live) : null);

function commit(ring) {
  live = null;
  const crossing = crossingOf(ring);
  sketch.set({ points: ring, pointer: null, crossing });
  if (crossing) return false; // nothing is answered about a shape that crosses itself: it springs back
  past.push(state.get("drawn"));
  future = [];
  state.set({ drawn: closedRing(ring) });
  return true;
}

/** One change back, or forward again. True if there was one. */
export function stepShape(forward = false) {
  const [from, to] = forward ? [future, past] : [past, future];
  if (!from.length || !state.get("drawn")) return false;
  to.push(state.get("drawn"));
  state.set({ drawn: from.pop() });
  return true;
}

export const shapeSteps = () => ({ back: past.length, forward: future.length });

const round = ({ lng, lat }) => [Math.round(lng * 1e7) / 1e7, Math.round(lat * 1e7) / 1e7];

export function followHandles(map, redraw) {
  const group = L.layerGroup().addTo(map);
  let focus = null; // the vertex to stand on when the handles are made anew

  function handle(ring, i, { middle = false } = {}) {
    const at = middle ? [(ring[i][0] + ring[(i + 1) % ring.length][0]) / 2, (ring[i][1] + ring[(i + 1) % ring.length][1]) / 2] : ring[i];
    const icon = L.divIcon({ className: middle ? "vertex is-middle" : "vertex", iconSize: SIZE });
    const label = t(middle ? "draw.middle" : "draw.vertex", { n: i + 1 });
    const marker = L.marker([at[1], at[0]], { icon, pane: "pins", draggable: true, autoPan: true, title: label, alt: label, keyboard: true });
    const moved = (place) => (middle ? [...ring.slice(0, i + 1), place, ...ring.slice(i + 1)] : ring.map((c, k) => (k === i ? place : c)));
    marker.on("drag", ({ latlng, originalEvent }) => {
      live = moved((originalEvent?.altKey ? null : snapTo(map, latlng)) ?? round(latlng));
      sketch.set({ points: live, pointer: null, crossing: crossingOf(live) });
      redraw();
    });
    marker.on("dragend", () => { if (!live || !commit(live)) make(); redraw(); });
    marker.on("contextmenu", () => !middle && remove(ring, i));
    marker.on("add", () => listen(marker.getElement(), { ring, i, middle, moved }));
    return marker;
  }

  function remove(ring, i) {
    if (ring.length <= 3) return;
    focus = Math.max(0, i - 1);
    commit(ring.filter((_, k) => k !== i));
  }

  /** Arrows move a vertex by pixels, Delete removes it, Enter on a middle makes a vertex of it. */
  function listen(element, { ring, i, middle, moved }) {
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", element.title);
    element.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      const acts = step || event.key === "Delete" || event.key === "Backspace" || (middle && event.key === "Enter");
      if (!acts) return;
      event.preventDefault();
      event.stopPropagation();
      const from = middle ? [(ring[i][0] + ring[(i + 1) % ring.length][0]) / 2, (ring[i][1] + ring[(i + 1) % ring.length][1]) / 2] : ring[i];
      if (event.key === "Delete" || event.key === "Backspace") {
        if (!middle) remove(ring, i);
        return;
      }
      const by = (step ?? [0, 0]).map((d) => d * (event.shiftKey ? 10 : 1));
      const to = map.containerPointToLatLng(map.latLngToContainerPoint([from[1], from[0]]).add(by));
      focus = middle ? i + 1 : i;
      commit(moved(round(to)));
    });
  }

  function make() {
    group.clearLayers();
    const ring = open();
    if (!ring || ring.length > MOST) return;
    ring.forEach((_, i) => handle(ring, i, { middle: true }).addTo(group));
    const vertices = ring.map((_, i) => handle(ring, i).addTo(group));
    if (focus !== null) vertices[Math.min(focus, vertices.length - 1)].getElement()?.focus();
    focus = null;
  }

  state.on("drawn tool lang", () => {
    if (!state.get("drawn")) [past, future, live] = [[], [], null];
    make();
  });
  make();
}
