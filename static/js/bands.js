/** Which features the chosen band of distance holds: asked of the service, however the band was chosen. */
import { collection, versionOf } from "./catalogue.js";
import { apartOf, STATIONS } from "./lib/chosen.js";
import { everyFeature } from "./paging.js";
import { state } from "./state.js";
import { otherShownAs, shownAs } from "./versions.js";

/** What a request for a layer's features adds when a band of it is chosen. */
export function bandParams(layer) {
  const apart = apartOf(state.get("highlight"), layer);
  return apart ? { to: STATIONS, apart, ...otherShownAs("to", STATIONS) } : {};
}

/** The chosen class or band, with what it holds where that is known. */
export function chosenNow() {
  const chosen = state.get("highlight");
  return chosen?.band && state.get("bandIds") ? { ...chosen, ids: state.get("bandIds") } : chosen;
}

let asked = null;

async function follow() {
  const { layer, band } = state.get("highlight") ?? {};
  const params = band && collection(layer) ? { ...shownAs(layer), ...bandParams(layer), properties: "name_zh", skipGeometry: true } : null;
  const key = params && JSON.stringify([layer, versionOf(layer), params]);
  if (key === asked) return;
  asked = key;
  state.set({ bandIds: null });
  if (!key) return;
  try {
    const { features } = await everyFeature(layer, params, { name: "band" });
    if (asked === key) state.set({ bandIds: new Set(features.map((f) => f.id)) });
  } catch {
    if (asked === key) asked = null; // then nothing fades; the table tells why
  }
}

export function followBands() {
  state.on("highlight catalogue pinned versionsThen planDate", follow);
}
