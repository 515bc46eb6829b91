/** A drawn shape stays open to change: its vertices, or a circle's centre and edge, are handles, by mouse, finger or keys. */
import { crossingOf } from "../lib/crossing.js";
import { number } from "../lib/format.js";
import { circle, circleOf, circleThrough, closedRing } from "../lib/outline.js";
import { t } from "../i18n.js";
import { sketch } from "../sketch.js";
import { state } from "../state.js";
import { L } from "./leaflet.js";
import { snapTo } from "./snap.js";

const MOST = 60; // handles; a shape of more vertices is left as it is
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

const round = ({ lng, lat }) => [Math.round(lng * 1e7) / 1e7, Math.round(lat * 1e7) / 1e7];

export function followHandles(map, redraw) {
  const group = L.layerGroup().addTo(map);
  let focus = null; // the vertex to stand on when the handles are made anew

  /** At a place; moved elsewhere it makes a ring of `moved(place)`, and may be removed. */
  function handle({ at, i, label, kind = "", moved, remove = null }) {
    const icon = L.divIcon({ className: `vertex ${kind}`, iconSize: SIZE });
    const marker = L.marker([at[1], at[0]], { icon, pane: "pins", draggable: true, autoPan: true, title: label, alt: label, keyboard: true });
    marker.on("drag", ({ latlng, originalEvent }) => {
      live = moved((originalEvent?.altKey ? null : snapTo(map, latlng)) ?? round(latlng));
      sketch.set({ points: live, pointer: null, crossing: crossingOf(live) });
      redraw();
    });
    marker.on("dragend", () => { if (!live || !commit(live)) make(); redraw(); });
    marker.on("contextmenu", () => remove?.());
    marker.on("add", () => listen(marker.getElement(), { at, i, grows: kind === "is-middle", moved, remove }));
    return marker;
  }

  const vertex = (ring, i) => handle({
    at: ring[i], i, label: t("draw.vertex", { n: i + 1 }),
    moved: (place) => ring.map((c, k) => (k === i ? place : c)),
    remove: () => {
      if (ring.length <= 3) return;
      focus = Math.max(0, i - 1);
      commit(ring.filter((_, k) => k !== i));
    },
  });

  /** Moved, it becomes a vertex. */
  function middle(ring, i) {
    const next = ring[(i + 1) % ring.length];
    return handle({
      at: [(ring[i][0] + next[0]) / 2, (ring[i][1] + next[1]) / 2], i: i + 1, label: t("draw.middle", { n: i + 1 }), kind: "is-middle",
      moved: (place) => [...ring.slice(0, i + 1), place, ...ring.slice(i + 1)],
    });
  }

  /** A circle stays one: its centre moves it, its edge widens it. */
  const ofCircle = (ring, { centre, radius }) => [
    handle({ at: centre, i: 0, label: t("draw.centre"), moved: (place) => circle(place, radius) }),
    handle({ at: ring[0], i: 1, label: t("draw.radius", { m: number(radius, 0) }), moved: (place) => circleThrough(centre, place) }),
  ];

  /** Arrows move a handle by pixels, Delete removes its vertex, Enter on a middle makes a vertex of it. */
  function listen(element, { at, i, grows, moved, remove }) {
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", element.title);
    element.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      const removes = event.key === "Delete" || event.key === "Backspace";
      if (!step && !removes && !(grows && event.key === "Enter")) return;
      event.preventDefault();
      event.stopPropagation();
      if (removes) {
        remove?.();
        return;
      }
      const by = (step ?? [0, 0]).map((d) => d * (event.shiftKey ? 10 : 1));
      const to = map.containerPointToLatLng(map.latLngToContainerPoint([at[1], at[0]]).add(by));
      focus = i;
      commit(moved(round(to)));
    });
  }

  function handlesOf(ring) {
    const found = circleOf(ring);
    if (found) return ofCircle(ring, found);
    return ring.length > MOST ? [] : ring.map((_, i) => vertex(ring, i));
  }

  function make() {
    group.clearLayers();
    const ring = open();
    if (!ring) return;
    const handles = handlesOf(ring);
    if (handles.length === ring.length) ring.forEach((_, i) => middle(ring, i).addTo(group));
    handles.forEach((one) => one.addTo(group));
    if (focus !== null) handles[Math.min(focus, handles.length - 1)]?.getElement()?.focus();
    focus = null;
  }

  state.on("drawn tool lang", () => {
    if (!state.get("drawn")) [past, future, live] = [[], [], null];
    make();
  });
  make();
}
