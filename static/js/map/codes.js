/** Codes of land use on large layers, from close by: what is in view is asked for once the map stands still. */
import { get } from "../api.js";
import { isTiled } from "../catalogue.js";
import { dividing } from "../divider.js";
import { passes, prepare } from "../features.js";
import { tiledLayers } from "../order.js";
import { state } from "../state.js";
import { shownAs } from "../versions.js";

export const CODES_FROM = 16;
const MOST = 400;
const STILL_MS = 200;
const NARROW = 40; // px: a code does not fit in less
const USE = "landuse_code";

let here = []; // [{id: layer, features}]

export const codeOf = (layer, p) => (layer.class_field === USE ? p[USE] ?? "" : "");

const coded = () => (state.get("view")?.zoom >= CODES_FROM && !dividing() ? tiledLayers().filter((c) => isTiled(c.id) && c.class_field === USE) : []);

/** The shapes on the topmost large layer of land use that have room for their code. */
export function codedFeatures(view) {
  const [top] = coded().slice(-1);
  const roomy = ({ box }) => ((box[2] - box[0]) / 360) * view.scale > NARROW;
  const known = here.find(({ id }) => id === top?.id)?.features ?? [];
  return known.filter((f) => roomy(f) && passes(top.id, f.properties)).map((feature) => ({ layer: top, feature }));
}

export function followCodes(redraw) {
  let timer = null;
  const bring = async () => {
    const layers = coded().slice(-1);
    const bbox = state.get("view").free.map((n) => n.toFixed(6)).join(",");
    here = await Promise.all(layers.map(async ({ id }) => {
      const { features } = await get(`collections/${id}/items`, { bbox, limit: MOST, ...shownAs(id) }, { name: "codes", quiet: true });
      return { id, features: features.filter((f) => f.geometry).map(prepare) };
    }));
    if (layers.length) redraw();
  };
  state.on("view on order pinned versionsThen planDate catalogue", () => {
    clearTimeout(timer);
    if (coded().length) timer = setTimeout(() => bring().catch(() => {}), STILL_MS); // the next move asks again
  });
}
