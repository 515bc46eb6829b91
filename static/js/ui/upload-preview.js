/** The shapes of an uploaded file on the map, with its key: near ones first, strays named. */
import * as api from "../api.js";
import { ask } from "../commands.js";
import { button, h } from "../dom.js";
import { prepare } from "../features.js";
import { joined, t } from "../i18n.js";
import { number } from "../lib/format.js";
import { fromGcj02 } from "../lib/gcj02.js";
import { state } from "../state.js";
import { icon } from "./icons.js";
import { labelOf, pinsOf } from "./upload-problems.js";

const DRAWN = 4000; // shapes of the file drawn at a time
const PAUSE_MS = 300;

/** Where the shapes would lie if the suspicion holds: shown beside what the file says, for whoever has to decide. */
const moved = (c) => (typeof c[0] === "number" ? fromGcj02(c) : c.map(moved));
const unshifted = (f) => prepare({ id: f.id, properties: {}, geometry: { ...f.geometry, coordinates: moved(f.geometry.coordinates) } });
const isShifted = (groups) => groups.some(({ code }) => code === "suspected_gcj02");

export function mapKey(host, groups) {
  const note = h("span.cap", { role: "status" });
  const node = h("div.map-key.panel", {}, h("span.key", {}, h("span.key-new"), t("upload.compare")), h("span.key", {}, h("span.key-now"), t("upload.current")),
    isShifted(groups) && h("span.key", {}, h("span.key-moved"), t("upload.unshifted")), note);
  host.append(node);
  return { remove: () => node.remove(), say: (text) => { note.textContent = text; }, add: (more) => node.append(more) };
}

const FAR_NAMED = 3;

/** Strays would make the map a map of nothing: it shows the rest, names them, and can be made to show them. */
function strays({ far, extent, home }, key) {
  if (!far) return;
  let whole = false;
  const names = joined(far.features.slice(0, FAR_NAMED).map(labelOf)) + (far.count > FAR_NAMED ? " …" : "");
  const flip = button("quiet", t("upload.far.show"), {
    onclick: () => {
      whole = !whole;
      flip.firstChild.textContent = t(whole ? "upload.far.back" : "upload.far.show");
      ask("fit", whole ? extent : home);
    },
  });
  key.add(h("span.key.far", {}, icon("info"), h("span", {}, t("upload.far", { n: number(far.count), names })), flip));
}

/** The shapes of the file: all of a small one, of a large one those in view once they are few enough. */
export function preview(upload, groups, key) {
  const { id, diagnosis } = upload;
  const pins = pinsOf(groups);
  const small = diagnosis.feature_count <= DRAWN;
  const ghosts = (features) => (isShifted(groups) ? features.filter((f) => f.geometry?.coordinates).map(unshifted) : []);
  const draw = (features) => state.set({ work: { ...state.get("work"), kind: "upload", layer: upload.layer, features, pins, ghosts: ghosts(features) } });
  const load = async () => {
    const bbox = small ? null : state.get("view").bbox.map((n) => n.toFixed(6)).join(",");
    const body = await api.get(`uploads/${id}/items`, { bbox, limit: DRAWN }, { name: "preview", quiet: true });
    if (!state.get("placeId")?.startsWith(id)) return;
    const all = body.features.length >= body.numberMatched;
    draw(all ? body.features : []);
    key.say(all ? "" : t("upload.zoomIn", { n: number(body.numberMatched) }));
  };
  let timer = null;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => load().catch(() => {}), PAUSE_MS); // the next move asks again
  };
  state.set({ work: { kind: "upload", features: [], pins } });
  ask("fit", diagnosis.home ?? diagnosis.extent);
  strays(diagnosis, key);
  later();
  const stop = small ? () => {} : state.on("view", later);
  return () => { clearTimeout(timer); stop(); };
}
