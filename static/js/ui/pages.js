/** Places other than the map: each is loaded when it is first opened, and draws itself into #page. */
import { unreachable } from "../api.js";
import { byId, fill, h, told, twinsOf } from "../dom.js";
import { errorText, t } from "../i18n.js";
import { state } from "../state.js";
import { PLACE_NAMES } from "./appearance.js";
import { failure, skeleton } from "./controls.js";

const PAGES = {
  uploads: async () => (await import("./upload-page.js")).uploadPage,
  reviews: async () => (await import("./review-page.js")).reviewPage,
  docs: async () => (await import("./documents-page.js")).documentsPage,
  indicators: async () => (await import("./indicators-page.js")).indicatorsPage,
  accounts: async () => (await import("./accounts-page.js")).accountsPage,
  print: async () => (await import("./print-page.js")).printPage,
};

const COMING_MS = 3000;

/** Whoever acted in the page stands on the new one, and on the same control once it has come again. */
function standOn(host, said) {
  host.focus();
  const look = new MutationObserver(() => {
    const [twin] = document.activeElement === host ? twinsOf(host, said) : [];
    if (twin || document.activeElement !== host) look.disconnect();
    twin?.focus();
  });
  look.observe(host, { childList: true, subtree: true });
  setTimeout(() => look.disconnect(), COMING_MS);
}

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
    const said = host.contains(document.activeElement) ? told(document.activeElement) : null;
    host.hidden = !load || !state.get("catalogue");
    host.className = host.hidden ? "" : `page-${state.get("place")}`;
    host.replaceChildren();
    if (!["uploads", "reviews"].includes(state.get("place")) && state.get("work")?.from !== "difference") state.set({ work: null });
    if (host.hidden) return;
    host.setAttribute("aria-label", t(PLACE_NAMES[state.get("place") === "indicators" ? "docs" : state.get("place")])); // its table says the rest
    host.append(skeleton(6));
    if (said) standOn(host, said);
    const page = await load().catch(() => null); // a part of the page that did not come
    if (mine !== turn) return;
    if (page) leave = page(host) ?? null;
    else fill(host, h("div.page-panel.left.panel", {}, failure(errorText(unreachable()), render, t("action.retry"))));
  };
  state.on("place placeId lang session catalogue", render);
  render();
}
