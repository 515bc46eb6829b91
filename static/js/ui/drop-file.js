/** A shape from a file, read in the page: asked about, never kept, never in the address. */
import { ask } from "../commands.js";
import { byId } from "../dom.js";
import { state } from "../state.js";

function polygonsIn(body) {
  const all = body.type === "FeatureCollection" ? body.features.map((f) => f.geometry) : [body.geometry ?? body];
  const parts = all.flatMap((g) => ({ Polygon: () => [g.coordinates], MultiPolygon: () => g.coordinates }[g?.type]?.() ?? []));
  if (!parts.length) return null;
  return parts.length === 1 ? { type: "Polygon", coordinates: parts[0] } : { type: "MultiPolygon", coordinates: parts };
}

export function setDrawn(geometry, { fromFile = false } = {}) {
  state.set({ fromFile, drawn: geometry });
  const flat = geometry.coordinates.flat(geometry.type === "MultiPolygon" ? 2 : 1);
  const [xs, ys] = [flat.map((c) => c[0]), flat.map((c) => c[1])];
  ask("reveal", [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
}

/** Whether the file held an area that could be read. */
export async function askFile(file) {
  const geometry = await file?.text().then((text) => polygonsIn(JSON.parse(text))).catch(() => null);
  if (geometry) setDrawn(geometry, { fromFile: true });
  return Boolean(geometry);
}

const carriesFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

export function mountDrop() {
  const map = byId("map");
  const over = (on) => map.classList.toggle("dropping", on);
  map.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    over(true);
  });
  map.addEventListener("dragleave", () => over(false));
  map.addEventListener("drop", async (event) => {
    over(false);
    if (!carriesFile(event)) return;
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    state.set({ tool: "draw", drawn: null, dropFailed: false });
    state.set({ dropFailed: !(await askFile(file)) });
  });
}
