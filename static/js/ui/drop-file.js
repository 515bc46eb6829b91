/** Files of any format, read by the service and forgotten: asked about, never kept, never in the address. */
import * as api from "../api.js";
import { ask } from "../commands.js";
import { byId } from "../dom.js";
import { prepare } from "../features.js";
import { t } from "../i18n.js";
import { droppedFiles } from "../lib/dropped.js";
import { gathered, kindOf } from "../lib/kinds.js";
import { fileEnding, readPasted } from "../lib/pasted.js";
import { state } from "../state.js";

const rounded = (c) => (typeof c === "number" ? Math.round(c * 1e7) / 1e7 : c.map(rounded));

/** What of a file is asked about as one: its areas; without areas its lines; without lines its points. */
function together({ features: { features }, together: areas }) {
  const whole = gathered(features.map((f) => f.geometry));
  return kindOf(whole) === "Polygon" ? areas : whole;
}

/** The shapes that "all together" means. */
export function alike({ features: { features } }) {
  const kind = kindOf(gathered(features.map((f) => f.geometry)));
  return features.filter((f) => f.geometry && kindOf(f.geometry) === kind);
}

/** What can stand in the address is rounded as it is there: a link gives the same figures. */
export function setDrawn(given, { fromFile = false } = {}) {
  const geometry = fromFile ? given : { ...given, coordinates: rounded(given.coordinates) };
  state.set({ fromFile, drawn: geometry, ...(fromFile ? {} : { file: null }) });
  const { box } = prepare({ geometry });
  ask(fromFile ? "fit" : "reveal", box);
}

/** Ask about one shape of the file, by its id there, or about all alike as one: "". */
export function chooseShape(id) {
  const file = state.get("file");
  const geometry = id ? file.answer.features.features.find((f) => f.id === id).geometry : together(file.answer);
  state.set({ file: { ...file, chosen: id } });
  setDrawn(geometry, { fromFile: true });
}

/** Several files are called by the one that the others belong to. */
function nameOf(files) {
  const main = files.find((f) => /\.shp$/i.test(f.name)) ?? files[0];
  return files.length > 1 ? t("file.several", { name: main.name, n: files.length }) : main.name;
}

/** Have files read that belong together; `said` answers what an earlier reading had to ask. */
export async function askFiles(files, said = {}) {
  const asked = { name: nameOf(files), files, said };
  const form = new FormData();
  files.forEach((file) => form.append("file", file));
  Object.entries(said).forEach(([name, value]) => value && form.append(name, value));
  state.set({ tool: "draw", drawn: null, file: { ...asked, reading: true } });
  try {
    const answer = await api.postForm("read", form, { name: "read" });
    state.set({ file: { ...asked, answer, chosen: null } });
    const shapes = alike(answer);
    if (shapes.length) chooseShape(shapes.length > 1 && together(answer) ? "" : shapes[0].id);
  } catch (error) {
    if (!api.isAbort(error)) state.set({ file: { ...asked, error } });
  }
}

/** The text of a whole file, read as the file would be; false for any other. */
export function askText(text) {
  const ending = fileEnding(text);
  if (ending) askFiles([new File([text], `pasted.${ending}`, { type: "text/plain" })]);
  return Boolean(ending);
}

const carriesFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/** A file or a shape's text, pasted anywhere but into a field. */
function paste(event) {
  const busy = state.get("place") !== "map" || !state.get("catalogue") || state.get("embedded");
  if (busy || event.target.closest?.("input, textarea, dialog")) return;
  const files = [...event.clipboardData?.files ?? []];
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!files.length && askText(text)) return;
  const { geometry } = files.length ? {} : readPasted(text);
  if (files.length) askFiles(files);
  else if (geometry) {
    state.set({ tool: "draw", drawn: null });
    setDrawn(geometry);
  }
}

export function mountDrop() {
  const map = byId("map");
  document.addEventListener("paste", paste);
  const over = (on) => map.classList.toggle("dropping", on);
  map.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    over(true);
  });
  map.addEventListener("dragleave", () => over(false));
  map.addEventListener("drop", (event) => {
    over(false);
    if (!carriesFile(event)) return;
    event.preventDefault();
    droppedFiles(event.dataTransfer).then((files) => files.length && askFiles(files));
  });
}
