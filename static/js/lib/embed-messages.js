/** What the embedded map and the page around it may say to each other, and who that page is. Pure. */
const ID_LENGTH = 200;

function originOf(text) {
  try {
    const { protocol, origin } = new URL(text);
    return /^https?:$/.test(protocol) ? origin : null;
  } catch {
    return null; // "null" too: a sandboxed page has no origin to trust
  }
}

/** The one origin that is spoken to: the one asked for, else that of the page around. Null: nobody. */
export function partnerOf({ asked = null, ancestors = [], referrer = "" }) {
  if (asked !== null) return originOf(asked);
  return originOf(ancestors[0] ?? referrer);
}

const isBox = (box) => Array.isArray(box) && box.length === 4 && box.every(Number.isFinite)
  && box[0] < box[2] && box[1] < box[3] && Math.abs(box[0]) <= 180 && Math.abs(box[2]) <= 180 && box[1] >= -90 && box[3] <= 90;
const isId = (id) => typeof id === "string" && id.length > 0 && id.length <= ID_LENGTH;

const READERS = {
  "atlas:open": ({ layer, id }, knows) => {
    if (typeof layer !== "string" || !knows(layer)) return { refused: "layer" };
    return isId(id) ? { open: { layer, id } } : { refused: "id" };
  },
  "atlas:fit": ({ bbox }) => (isBox(bbox) ? { fit: [...bbox] } : { refused: "bbox" }),
};

/** {open}, {fit} or {refused: why}; null for what is not meant for the map. */
export function readMessage(data, knows) {
  if (typeof data?.type !== "string" || !data.type.startsWith("atlas:")) return null;
  return Object.hasOwn(READERS, data.type) ? READERS[data.type](data, knows) : { refused: "type" };
}
