/**
 * The map in somebody else's page: /embed?l=…&c=…&id=layer/feature&origin=https://…
 * docs/maps.md lists what the two say to each other. One origin is spoken to and listened to.
 */
import { collection } from "../catalogue.js";
import { ask } from "../commands.js";
import { t } from "../i18n.js";
import { partnerOf, readMessage } from "../lib/embed-messages.js";
import { state } from "../state.js";

const WAITING = 20; // messages kept until the layers are known
const partner = () => partnerOf({ asked: state.get("partner"), ancestors: [...(window.location.ancestorOrigins ?? [])], referrer: document.referrer });

function obey(data, tell) {
  const { open, fit, refused } = readMessage(data, (id) => Boolean(collection(id))) ?? {};
  if (open) state.set({ hits: null, tab: "overview", selection: open });
  if (fit) ask("fit", fit);
  if (refused) tell({ type: "atlas:refused", of: data.type, why: t(`embed.${refused}`) });
}

/** Talk with the page around, which is at that origin. */
function talk(origin) {
  const tell = (message) => window.parent.postMessage(message, origin);
  const early = [];
  window.addEventListener("message", ({ data, source, origin: from }) => {
    if (source !== window.parent || from !== origin) return;
    if (state.get("catalogue")) obey(data, tell);
    else if (early.length < WAITING) early.push(data);
  });
  const begin = () => {
    if (!state.get("catalogue")) return;
    stop();
    tell({ type: "atlas:ready" });
    early.splice(0).forEach((data) => obey(data, tell));
  };
  const stop = state.on("catalogue", begin);
  state.on("selection", () => tell({ type: "atlas:select", layer: null, id: null, ...state.get("selection") }));
  let told = "";
  state.on("view", () => {
    const { bbox, zoom } = state.get("view");
    const view = { bbox: bbox.map((n) => Number(n.toFixed(6))), zoom: Number(zoom.toFixed(2)) };
    if (told === (told = JSON.stringify(view))) return; // panels change what is free of the view, not the view
    tell({ type: "atlas:view", ...view });
  });
}

export function mountEmbed() {
  if (!state.get("embedded")) return;
  document.body.classList.add("is-embedded");
  state.set({ panel: false });
  const origin = partner();
  if (origin && window.parent !== window) talk(origin);
}
