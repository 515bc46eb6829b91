/** Places other than the map: each is loaded when it is first opened, and draws itself into #page. */
import { byId } from "../dom.js";
import { state } from "../state.js";
import { skeleton } from "./controls.js";

const PAGES = {
  uploads: async () => (await import("./upload-page.js")).uploadPage,
  reviews: async () => (await import("./review-page.js")).reviewPage,
  docs: async () => (await import("./documents-page.js")).documentsPage,
  indicators: async () => (await import("./indicators-page.js")).indicatorsPage,
  print: async () => (await import("./print-page.js")).printPage,
};

export function mountPages() {
  const host = byId("page");
  let leave = null;
  let turn = 0;
  const render = async () => {
    leave?.();
    leave = null;
    turn += 1;
    const mine = turn;
    const load = PAGES[state.get("place")];
    host.hidden = !load || !state.get("catalogue");
    host.className = host.hidden ? "" : `page-${state.get("place")}`;
    host.replaceChildren();
    if (!["uploads", "reviews"].includes(state.get("place")) && state.get("work")?.from !== "difference") state.set({ work: null });
    if (host.hidden) return;
    host.append(skeleton(6));
    const page = await load();
    if (mine === turn) leave = page(host) ?? null;
  };
  state.on("place placeId lang session catalogue", render);
  render();
}
