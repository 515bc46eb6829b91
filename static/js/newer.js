/** Layers published anew while the page is open: asked after now and then, shown when the reader wants it. */
import * as api from "./api.js";
import { collection, refreshCatalogue } from "./catalogue.js";
import { state } from "./state.js";

const EVERY_MS = 60_000;
let passed = ""; // what the reader has waved away

const said = (newer) => newer.map(({ id, version }) => `${id}@${version}`).join(",");

export async function lookForNewer() {
  if (document.hidden || state.get("offline") || !state.get("catalogue") || state.get("embedded")) return;
  const { collections } = await api.get("collections", undefined, { quiet: true });
  const newer = collections.filter((c) => c.version > (collection(c.id)?.version ?? Infinity)).map(({ id, version }) => ({ id, version }));
  if (said(newer) !== passed && said(newer) !== said(state.get("newer"))) state.set({ newer });
}

export async function showNewer() {
  await refreshCatalogue();
  state.set({ newer: [] });
}

export function passNewer() {
  passed = said(state.get("newer"));
  state.set({ newer: [] });
}

export function followNewer() {
  const look = () => lookForNewer().catch(() => {}); // it is asked again soon
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}
