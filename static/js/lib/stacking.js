/** Which layer lies over which: the plan's order, and what the reader has moved. Pure. */

/** Where an id upsets the plan least: the lowest of such places. */
function placeFor(rank, order, ranks) {
  let upset = order.filter((id) => ranks.get(id) < rank).length;
  let best = { at: 0, upset };
  order.forEach((id, i) => {
    upset += ranks.get(id) > rank ? 1 : -1;
    if (upset < best.upset) best = { at: i + 1, upset };
  });
  return best.at;
}

/** Ids from the bottom up: those the reader has placed as they stand, the others as the plan has them. */
export function arrange(plan, placed) {
  const ranks = new Map(plan.map((id, i) => [id, i]));
  const order = [...new Set(placed)].filter((id) => ranks.has(id));
  const given = new Set(order);
  for (const id of plan.filter((one) => !given.has(one))) order.splice(placeFor(ranks.get(id), order, ranks), 0, id);
  return order;
}

/** The same ids with one of them moved by so many steps among those that are `shown`. */
export function moved(order, id, steps, shown) {
  const seen = order.filter((one) => shown.includes(one));
  const at = seen.indexOf(id);
  const to = Math.max(0, Math.min(seen.length - 1, at + steps));
  if (at < 0 || to === at) return order;
  const rest = order.filter((one) => one !== id);
  const beside = rest.indexOf(seen[to]);
  rest.splice(to > at ? beside + 1 : beside, 0, id);
  return rest;
}

/** What an address has to say of an order: nothing when it is the plan's. */
export const told = (order, plan) => (order.every((id, i) => id === plan[i]) ? [] : order);

/** Neighbours in the order that are of one kind, together. */
export function runs(items, kind) {
  const found = [];
  for (const item of items) {
    const last = found.at(-1);
    if (last && kind(last[0]) === kind(item)) last.push(item);
    else found.push([item]);
  }
  return found;
}
