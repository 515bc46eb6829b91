/** Building elements. Text enters the page here, as text only. */
import { icon } from "./ui/icons.js";

const isNode = (value) => value instanceof Node;

export function append(parent, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(isNode(child) ? child : document.createTextNode(String(child)));
  }
  return parent;
}

function apply(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") element.className = value;
  else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "style") Object.entries(value).forEach(([k, v]) => element.style.setProperty(k, v));
  else if (name in element && typeof value !== "string") element[name] = value;
  else if (name === "value") element.value = value;
  else element.setAttribute(name, value === true ? "" : value);
}

/** h("button.primary", {onclick}, "text", node, [nodes]) */
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  const given = props && !isNode(props) && !Array.isArray(props) && typeof props === "object";
  if (given) {
    const { class: extra, ...rest } = props;
    if (extra) element.className = `${element.className} ${extra}`.trim();
    Object.entries(rest).forEach(([name, value]) => apply(element, name, value));
  }
  return append(element, given ? children : [props, ...children]);
}

export function fill(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]";
export const told = (e) => (e.type === "radio" ? `radio ${e.value}` : `${e.tagName} ${e.getAttribute("aria-label") ?? e.title} ${e.labels?.[0]?.textContent ?? e.textContent}`);

export const twinsOf = (element, said) => [...element.querySelectorAll(CONTROLS)].filter((e) => told(e) === said);

/** What is redrawn under somebody's hands: the control they stood on is found again by its id, or what it says,
 * otherwise where `otherwise` says, otherwise by its place. */
export function keepFocus(element, redraw, otherwise = null) {
  const at = document.activeElement;
  if (at === element || !element.contains(at)) return redraw();
  const said = told(at);
  const place = [...element.querySelectorAll(CONTROLS)].indexOf(at);
  const same = at.id ? 0 : twinsOf(element, said).indexOf(at); // what everything says is long in the asking
  redraw();
  if (element.contains(document.activeElement)) return null;
  const own = at.id ? byId(at.id) : null;
  const twins = element.contains(own) ? [own] : twinsOf(element, said);
  (twins[same] ?? twins[0] ?? (otherwise ? otherwise() : element.querySelectorAll(CONTROLS)[place]))?.focus();
  return null;
}

export const byId = (id) => document.getElementById(id);

/** A button with an icon before its words. */
export function button(kind, label, props = {}, iconName = null) {
  return h(`button.btn.${kind.replaceAll(" ", ".")}`, { type: "button", ...props }, iconName && icon(iconName), h("span", {}, label));
}

export function iconButton(name, label, props = {}) {
  return h("button.icon-btn", { type: "button", "aria-label": label, title: label, ...props }, icon(name));
}

export function save(blobOrUrl, filename) {
  const url = blobOrUrl instanceof Blob ? URL.createObjectURL(blobOrUrl) : blobOrUrl;
  const link = h("a", { href: url, download: filename });
  document.body.append(link);
  link.click();
  link.remove();
  if (blobOrUrl instanceof Blob) setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
