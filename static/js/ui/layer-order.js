/** The layers that are on as they lie: the top one first. Dragged, or moved by keys and buttons. */
import { byId, h, iconButton } from "../dom.js";
import { t, title } from "../i18n.js";
import { isMoved, movable, moveLayer, restoreOrder } from "../order.js";
import { empty } from "./controls.js";
import { byHand } from "./hand.js";
import { icon } from "./icons.js";
import { symbol } from "./legend.js";

const HELD = "[data-grip]";

/** Move and say where it lies now; steps over others are up. */
export function step(c, steps) {
  const at = moveLayer(c.id, steps);
  const all = movable().length;
  byId("live").textContent = at ? t("order.moved", { name: title(c), at, all }) : t(steps > 0 ? "order.top" : "order.bottom", { name: title(c) });
}

/** Alt and an arrow move a layer wherever its row has the focus. */
const KEY_STEPS = { ArrowUp: 1, ArrowDown: -1, Home: 100, End: -100 };
export function onRowKey(event, c) {
  const steps = KEY_STEPS[event.key];
  const grip = event.target.closest(HELD);
  if (!steps || !(event.altKey || grip)) return;
  event.preventDefault();
  event.stopPropagation();
  step(c, steps);
}

function grip(c, at, all) {
  const handle = h("button.icon-btn.grip", {
    type: "button", id: `grip-${c.id}`, "data-grip": c.id, "aria-label": t("order.grip", { name: title(c), at, all }), "aria-keyshortcuts": "ArrowUp ArrowDown Home End", title: t("order.drag"),
  }, icon("grip"));
  handle.addEventListener("pointerdown", (event) => event.button === 0 && drag(event, handle, c));
  return handle;
}

const places = [["up", 1, "order.up"], ["down", -1, "order.down"]];

function mover(c, [name, steps, label], blocked) {
  return iconButton(name, t(label, { name: title(c) }), { id: `order-${name}-${c.id}`, "aria-disabled": String(blocked), onclick: () => step(c, steps) });
}

function row(c, i, all) {
  return h("li.order-row", { "data-order": c.id, onkeydown: (event) => onRowKey(event, c) },
    grip(c, i + 1, all), symbol(c), h("span.grow.clip", { title: title(c) }, title(c)),
    places.map((place) => mover(c, place, place[1] > 0 ? i === 0 : i === all - 1)));
}

/** Rows follow the pointer; the order changes when it is let go. */
function drag(start, handle, c) {
  const own = handle.closest("li");
  const rows = [...own.parentElement.children];
  const from = rows.indexOf(own);
  const height = own.offsetHeight;
  let to = from;
  const move = (event) => {
    const by = event.clientY - start.clientY;
    to = Math.max(0, Math.min(rows.length - 1, from + Math.round(by / height)));
    rows.forEach((one, i) => {
      const shift = one === own ? by : height * (i > from && i <= to ? -1 : i < from && i >= to ? 1 : 0);
      one.style.translate = `0 ${shift}px`;
    });
  };
  const end = (event) => {
    handle.removeEventListener("pointermove", move);
    own.classList.remove("is-held");
    rows.forEach((one) => { one.style.translate = ""; });
    if (event.type === "pointerup" && to !== from) step(c, from - to);
  };
  own.classList.add("is-held");
  handle.setPointerCapture(start.pointerId);
  handle.addEventListener("pointermove", move);
  for (const type of ["pointerup", "pointercancel"]) handle.addEventListener(type, end, { once: true });
}

function restore() {
  restoreOrder();
  byId("live").textContent = t("order.restored");
}

/** What the layer panel shows in place of its tree. */
export function orderList() {
  const layers = movable().reverse();
  if (!layers.length) return empty(t("order.none"), { iconName: "layers" });
  return h("div.order", {}, h("p.cap", { id: "order-say" }, byHand("order.say.touch", "order.say")),
    h("ol.order-list", { "aria-label": t("order.title"), "aria-describedby": "order-say" }, layers.map((c, i) => row(c, i, layers.length))),
    h("button.btn.secondary.small.order-restore", { type: "button", id: "order-restore", "aria-disabled": String(!isMoved()), onclick: () => isMoved() && restore() }, icon("undo"), h("span", {}, t("order.restore"))));
}
