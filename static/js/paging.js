/** Every feature that a question asks for, page after page, and how many there are. */
import * as api from "./api.js";

export const PAGE = 10_000; // the most the service gives at once

/** {features, matched}; of more than `most` only the first page, `whole` being false. */
export async function everyFeature(layer, params, { most = Infinity, page = PAGE, name = null } = {}) {
  const ask = (offset) => api.get(`collections/${layer}/items`, { ...params, limit: page, offset: offset || null }, { name });
  const first = await ask(0);
  const features = first.features;
  const matched = first.numberMatched ?? features.length;
  while (matched <= most && features.length < matched) {
    const more = (await ask(features.length)).features;
    if (!more.length) break;
    features.push(...more);
  }
  return { features, matched, whole: features.length >= matched };
}
