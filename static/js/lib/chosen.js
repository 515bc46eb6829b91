/** The class or band of a layer that keeps its colour, lists its rows and names its exports. Pure. */
export function isChosen(chosen, layer, { id, properties }) {
  if (!chosen || chosen.layer !== layer) return true;
  if (chosen.band) return !chosen.ids || chosen.ids.includes(id ?? properties.id);
  return String(properties[chosen.field] ?? "") === String(chosen.value);
}

const MOST_NAMED = 200; // features that an address can name
const quoted = (id) => `'${String(id).replaceAll("'", "''")}'`;

/** Whether a band of the layer is chosen that holds too many for an address to name them. */
export const isLong = (chosen, layer) => chosen?.layer === layer && Boolean(chosen.band) && (chosen.ids?.length ?? 0) > MOST_NAMED;

function bandParams(chosen, layer) {
  const named = chosen.ids?.length && !isLong(chosen, layer);
  return { params: {}, filter: named ? `id IN (${chosen.ids.map(quoted).join(", ")})` : null };
}

/** What a request for the layer's features adds: {name: value}, or a test: nothing stated, one of these. */
export function chosenParams(chosen, layer) {
  if (!chosen || chosen.layer !== layer) return { params: {}, filter: null };
  if (chosen.band) return bandParams(chosen, layer);
  return chosen.value === "" ? { params: {}, filter: `${chosen.field} IS NULL` } : { params: { [chosen.field]: chosen.value }, filter: null };
}

/** Metres from the nearest station, cut where planners cut. */
export const BANDS = [[0, 500], [500, 800], [800, 1000], [1000, Infinity]];
export const bandKey = ([from, to]) => (to === Infinity ? `${from}+` : `${from}-${to}`);

/** The band as the statistics have it: "500,800", and "1000," for what lies beyond. */
export const apartOf = (chosen, layer) => (chosen?.layer === layer && chosen.band ? chosen.band.replace(/[-+]/, ",") : null);

/** Features by the band their distance falls in; what has none lies beyond the last. */
export function byBand(features) {
  const distance = (f) => f.nearest?.distance_m ?? Infinity;
  return BANDS.map((band, i) => {
    const own = features.filter((f) => distance(f) < band[1] || band[1] === Infinity).filter((f) => distance(f) >= band[0] || i === 0);
    return { key: bandKey(band), band, count: own.length, ids: own.map((f) => f.id) };
  });
}
