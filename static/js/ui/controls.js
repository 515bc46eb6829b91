/** Small controls that many panels use: segments, selects, switches, tabs, empty states. */
import { h } from "../dom.js";
import { state } from "../state.js";
import { icon } from "./icons.js";

let serial = 0;
export const uid = (stem) => { serial += 1; return `${stem}-${serial}`; };

/** options: [key, text, why it cannot be chosen]. */
export function segmented({ label, value, options, change, name = "seg", small = false }) {
  const group = uid(name);
  return h(`div.segmented${small ? ".small" : ""}`, { role: "radiogroup", "aria-label": label }, options.map(([key, text, cannot = null]) => {
    const input = h("input.sr", { type: "radio", name: group, value: key, disabled: Boolean(cannot), onchange: () => change(key) });
    input.checked = key === value;
    return h("label.segment", { title: cannot }, input, h("span", {}, text));
  }));
}

export function select({ label, value, options, change, hidden = false, name = null }) {
  const id = uid("select");
  const control = h("select", { id, name, onchange: (event) => change?.(event.target.value) },
    options.map(([key, text]) => h("option", { value: key }, text)));
  control.value = value ?? options[0]?.[0] ?? "";
  return h("div.field", {}, h(`label${hidden ? ".sr" : ""}`, { for: id }, label), h("div.select", {}, control, icon("down")));
}

export function field({ label, control, help = null }) {
  control.id ||= uid("field");
  const helpId = help ? uid("help") : null;
  if (helpId) control.setAttribute("aria-describedby", helpId);
  return h("div.field", {}, h("label", { for: control.id }, label), control, help && h("p.cap", { id: helpId }, help));
}

export function toggle({ label, help, checked, change, name = null }) {
  const input = h("input.switch", { type: "checkbox", role: "switch", name, onchange: (e) => change?.(e.target.checked) });
  input.checked = checked;
  return h("label.toggle", {}, h("span.grow", {}, label, help && h("span.cap", {}, help)), input);
}

/** How far something is: show(0..1), or show(null) while nobody knows. */
export function meter(label) {
  const node = h("div.meter", { role: "progressbar", "aria-label": label, "aria-valuemin": "0", "aria-valuemax": "100" }, h("span"));
  const show = (part) => {
    const known = Number.isFinite(part);
    node.classList.toggle("is-open", !known);
    if (known) node.setAttribute("aria-valuenow", String(Math.round(part * 100)));
    else node.removeAttribute("aria-valuenow");
    node.style.setProperty("--part", known ? `${Math.max(2, part * 100)}%` : "30%");
  };
  return { node, show };
}

/** A button that opens a short list; it closes when one is chosen, by Esc, or by a click elsewhere. */
export function menu(label, items) {
  const box = h("details.drop-menu", {}, h("summary.btn.secondary.small", {}, icon("download"), h("span", {}, label), icon("down")), h("div.drop-list.panel", {}, items));
  const close = () => { box.open = false; };
  const outside = (event) => box.contains(event.target) || close();
  box.addEventListener("toggle", () => document[box.open ? "addEventListener" : "removeEventListener"]("pointerdown", outside));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.open) return;
    event.stopPropagation();
    close();
    box.firstChild.focus();
  });
  box.lastChild.addEventListener("click", close);
  return box;
}

/** Tabs with their panel; arrows move, as the pattern wants. */
export function tabs({ label, value, items, change, end = null }) {
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = items.findIndex(([key]) => key === value);
    const next = items[(at + step + items.length) % items.length][0];
    change(next);
    requestAnimationFrame(() => document.querySelector(`[role="tab"][data-tab="${next}"]`)?.focus());
  };
  const list = h("div.tablist", { role: "tablist", "aria-label": label, onkeydown: move }, items.map(([key, text, count]) => h("button.tab", {
    type: "button", role: "tab", "data-tab": key, "aria-selected": String(key === value), tabindex: key === value ? "0" : "-1",
    onclick: () => change(key),
  }, text, count === undefined || count === null ? null : h("span.count", {}, count))));
  requestAnimationFrame(() => inView(list));
  return h("div.tabs", {}, list, end);
}

/** Where tabs do not all fit, the one on show is in sight. */
function inView(list) {
  const scroller = [list, list.parentElement].find((e) => e && e.scrollWidth > e.clientWidth);
  const on = list.querySelector('[aria-selected="true"]');
  if (!scroller || !on) return;
  const middle = on.getBoundingClientRect().left - scroller.getBoundingClientRect().left + on.offsetWidth / 2;
  scroller.scrollLeft += middle - scroller.clientWidth / 2;
}

export function empty(text, { iconName = "info", action = null, note = null } = {}) {
  return h("div.empty", {}, icon(iconName, true), h("p", {}, text), note && h("p.cap", {}, note), action);
}

export function skeleton(rows = 4) {
  return h("div.skeleton", { "aria-hidden": "true" }, Array.from({ length: rows }, (_, i) => h(`span.bone.w${(i % 3) + 1}`)));
}

/** What went wrong, and the way to try again; where the service was away it is tried once it is back. */
export function failure(text, retry, label) {
  const node = h("div.inline-error", { role: "alert" }, icon("warning"), h("p.grow", {}, text),
    retry && h("button.btn.quiet.small", { type: "button", onclick: () => retry() }, label));
  const stop = retry && state.on("back", () => {
    stop();
    if (node.isConnected) retry();
  });
  return node;
}
