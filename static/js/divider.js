/** The divider over the map: what stands left and right of it where the reader is now. */
import { state } from "./state.js";

const WORK = ["uploads", "reviews"];

/** What a changeset or an upload under review is held against: {layer, version, changes, whole}. */
export const proposal = () => (WORK.includes(state.get("place")) ? state.get("work")?.proposal ?? null : null);

/**
 * {layer, version, x}: a version against the one on show; {layer, other, x}: two layers;
 * {layer, version, proposed, x}: what is in force against what was submitted. Null without a divider.
 */
export function dividing() {
  const swipe = state.get("swipe");
  if (!swipe?.proposed) return state.get("place") === "map" ? swipe : null;
  const held = proposal();
  return held && { layer: held.layer, version: held.version, proposed: true, x: swipe.x };
}

/** The middle of what panels leave free of the map: there a divider begins. */
export function middle() {
  const { free: [west, , east], bbox } = state.get("view");
  const x = ((west + east) / 2 - bbox[0]) / (bbox[2] - bbox[0]);
  return x > 0.1 && x < 0.9 ? Math.round(x * 100) / 100 : 0.5;
}

/** Begin to hold the proposed version against the one in force, or end it. */
export function swipeProposal() {
  state.set({ swipe: dividing() ? null : { proposed: true, x: middle() } });
}
