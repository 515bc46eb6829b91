/** Done things, said once at the bottom. Problems are said where they are. */
import { byId, h } from "../dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 6000;

export function toast(text, action = null) {
  const node = h("div.toast", {}, icon("check"), h("span", {}, text), action);
  byId("toasts").append(node);
  let timer = setTimeout(() => node.remove(), SHOWN_MS);
  node.addEventListener("mouseenter", () => clearTimeout(timer));
  node.addEventListener("mouseleave", () => { timer = setTimeout(() => node.remove(), SHOWN_MS / 2); });
}

export function say(text) {
  byId("live").textContent = text;
}
