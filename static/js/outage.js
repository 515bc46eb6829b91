/** The service lost and found again: asked after until it answers, so that what failed can be asked for anew. */
import * as api from "./api.js";
import { state } from "./state.js";

const FIRST_MS = 3000;
const LONGEST_MS = 60_000;
let pause = FIRST_MS;
let timer = null;

function later() {
  clearTimeout(timer);
  timer = setTimeout(look, pause);
  pause = Math.min(LONGEST_MS, pause * 1.5); // what is lost again and again is asked after less and less
}

/** Is it there? What failed meanwhile hears of it by `back`. */
export async function look() {
  if (document.hidden) return later();
  try {
    await api.get("health", undefined, { quiet: true, cache: "no-store" });
  } catch {
    return later();
  }
  state.set({ offline: false, back: (state.get("back") ?? 0) + 1 });
  return undefined;
}

export function followOutage() {
  api.network.addEventListener("lost", () => {
    if (!state.get("offline")) later();
    state.set({ offline: true });
  });
  api.network.addEventListener("found", () => {
    if (!state.get("offline")) return;
    clearTimeout(timer);
    state.set({ offline: false });
  });
  api.network.addEventListener("slow", ({ detail }) => state.set({ slow: detail > 0 }));
  setInterval(() => { if (!state.get("offline")) pause = FIRST_MS; }, 2 * LONGEST_MS);
}
