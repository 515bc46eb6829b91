/** Places other than the map: each draws itself into #page when it is opened. */
import { byId } from "../dom.js";
import { state } from "../state.js";
import { documentsPage } from "./documents-page.js";
import { indicatorsPage } from "./indicators-page.js";
import { printPage } from "./print-page.js";
import { reviewPage } from "./review-page.js";
import { uploadPage } from "./upload-page.js";

const PAGES = { uploads: uploadPage, reviews: reviewPage, docs: documentsPage, indicators: indicatorsPage, print: printPage };

export function mountPages() {
  const host = byId("page");
  let leave = null;
  const render = () => {
    leave?.();
    leave = null;
    const page = PAGES[state.get("place")];
    host.hidden = !page || !state.get("catalogue");
    host.replaceChildren();
    host.className = "";
    if (!["uploads", "reviews"].includes(state.get("place"))) state.set({ work: null });
    if (host.hidden) return;
    host.className = `page-${state.get("place")}`;
    leave = page(host) ?? null;
  };
  state.on("place placeId lang session catalogue", render);
  render();
}
