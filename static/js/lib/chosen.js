/** The class or band of a layer that keeps its colour, lists its rows and names its exports. Pure. */
export function isChosen(chosen, layer, { id, properties }) {
  if (!chosen || chosen.layer !== layer) return true;
  if (chosen.band) return !chosen.ids || chosen.ids.has(id ?? properties.id);
  return String(properties[chosen.field] ?? "") === String(chosen.value);
}

/** What a request for the layer's features adds: {name: value}, or a test: nothing stated. A band is its own. */
export function chosenParams(chosen, layer) {
  if (!chosen || chosen.layer !== layer || chosen.band) return { params: {}, filter: null };
  return chosen.value === "" ? { params: {}, filter: `${chosen.field} IS NULL` } : { params: { [chosen.field]: chosen.value }, filter: null };
}

/** Metres from the nearest station, cut where planners cut. */
export const STATIONS = "metro-stations";
export const BAND_ENDS = "500,800,1000";
export const bandKey = ({ from_m: from, to_m: to }) => (to === null ? `${from}+` : `${from}-${to}`);

/** The band as the statistics have it: "500,800", and "1000," for what lies beyond. */
export const apartOf = (chosen, layer) => (chosen?.layer === layer && chosen.band ? chosen.band.replace(/[-+]/, ",") : null);

/** Whether a distance lies in the chosen band; what has none lies beyond the last. */
export function inBand(chosen, layer, metres) {
  const [from, to] = apartOf(chosen, layer)?.split(",") ?? ["", ""];
  return (metres ?? Infinity) >= Number(from) && (!to || (metres ?? Infinity) < Number(to));
}
