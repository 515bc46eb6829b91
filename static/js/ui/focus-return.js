/** A part of the page that closes gives the focus back to what opened it, otherwise to the map. */
import { ask } from "../commands.js";
import { byId } from "../dom.js";
import { state } from "../state.js";

const PARTS = ["inspector", "drawer", "timebar", "compare", "highlight"];
const openers = new Map();

/** A bar may have been drawn anew since: its button is found again by what it is for. */
function standing(opener) {
  if (opener?.isConnected) return opener;
  const [key, value] = Object.entries(opener?.dataset ?? {})[0] ?? [];
  return key ? document.querySelector(`[data-${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}="${CSS.escape(value)}"]`) : null;
}

function giveBack(part) {
  const opener = standing(openers.get(part.id));
  openers.delete(part.id);
  opener?.focus();
  if (part.contains(document.activeElement) && state.get("place") === "map") ask("focus");
}

function follow(part) {
  new MutationObserver(() => {
    const at = document.activeElement;
    if (!part.hidden && at !== document.body && !part.contains(at)) openers.set(part.id, at);
    else if (part.hidden && part.contains(at)) giveBack(part);
  }).observe(part, { attributes: true, attributeFilter: ["hidden"] });
}

export const mountFocusReturn = () => PARTS.map(byId).filter(Boolean).forEach(follow);
