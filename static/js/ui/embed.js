/**
 * The map in somebody else's page: /embed?l=…&c=…&id=layer/feature
 * It tells its parent {type: "atlas:select", layer, id} and {type: "atlas:view", bbox}, and
 * obeys {type: "atlas:open", layer, id} and {type: "atlas:fit", bbox}. Nothing else is read.
 */
import { ask } from "../commands.js";
import { state } from "../state.js";

const tell = (message) => window.parent.postMessage(message, "*");
const isBox = (box) => Array.isArray(box) && box.length === 4 && box.every(Number.isFinite);

function obey({ data, source }) {
  if (source !== window.parent || !data) return;
  if (data.type === "atlas:fit" && isBox(data.bbox)) ask("fit", data.bbox);
  if (data.type === "atlas:open" && typeof data.layer === "string" && typeof data.id === "string") {
    state.set({ hits: null, tab: "overview", selection: { layer: data.layer, id: data.id } });
  }
}

export function mountEmbed() {
  if (!state.get("embedded")) return;
  document.body.classList.add("is-embedded");
  state.set({ panel: false });
  window.addEventListener("message", obey);
  state.on("selection", () => state.get("selection") && tell({ type: "atlas:select", ...state.get("selection") }));
  state.on("view", () => tell({ type: "atlas:view", bbox: state.get("view").bbox }));
}
