/** The statistics drawer: areas by class, overlaps, land balance, metro reach, the table. */
import { stop, unreachable } from "../api.js";
import { byId, fill, h, iconButton, keepFocus } from "../dom.js";
import { errorText, t, title } from "../i18n.js";
import { state } from "../state.js";
import { failure, segmented, select, tabs } from "./controls.js";
import { markChosen, statsLayer, statsLayers } from "./stats-frame.js";
import { SCOPED, scopeControl, scopeNow } from "./stats-scope.js";

// Loaded when first opened.
const VIEWS = {
  area: async () => (await import("./stats-area.js")).areaView,
  overlap: async () => (await import("./stats-overlap.js")).overlapView,
  balance: async () => (await import("./stats-balance.js")).balanceView,
  proximity: async () => (await import("./stats-proximity.js")).proximityView,
  checks: async () => (await import("./stats-checks.js")).checksView,
  diff: async () => (await import("./stats-diff.js")).diffView,
  table: async () => (await import("./stats-table.js")).tableView,
};
const FOLLOW_MS = 400; // a view that has come to rest
const HEIGHT = { min: 280, start: Math.min(420, Math.round(innerHeight * 0.49)), max: 700 };

function head(view) {
  const items = Object.keys(VIEWS).map((key) => [key, t(`stats.${key}`)]);
  const links = h("div.row.exports", { id: "stats-exports" });
  return h("div.drawer-head", {},
    tabs({ label: t("stats.title"), value: view, items, change: (drawer) => state.set({ drawer }) }),
    h("span.grow"),
    select({ label: t("stats.layer"), hidden: true, value: statsLayer().id, options: statsLayers().map((c) => [c.id, title(c)]), change: (id) => state.set({ statsLayer: id }) }),
    SCOPED.includes(view) && scopeControl(view, statsLayer()),
    ["table", "diff"].includes(view) ? null : segmented({
      label: t("stats.basis"), value: state.get("basis"), options: [["ellipsoidal", t("stats.basis.ellipsoidal")], ["plane", t("stats.basis.plane")]],
      change: (basis) => state.set({ basis }),
    }),
    segmented({ label: t("unit.label"), value: state.get("unit"), options: ["mu", "ha", "m2"].map((u) => [u, t(`unit.${u}`)]), change: (unit) => state.set({ unit }) }),
    links, iconButton("close", t("inspect.close"), { onclick: () => state.set({ drawer: null }) }));
}

function grip(panel) {
  const handle = h("button.drawer-grip", { type: "button", "aria-label": t("stats.resize") }, h("span"));
  const resize = (height) => document.body.style.setProperty("--drawer-height", `${Math.max(HEIGHT.min, Math.min(HEIGHT.max, height))}px`);
  const tall = () => panel.getBoundingClientRect().height;
  let dragged = false;
  handle.addEventListener("click", () => dragged || resize(tall() > HEIGHT.start + 20 ? HEIGHT.start : HEIGHT.max));
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    dragged = false;
    const move = (e) => {
      dragged ||= Math.abs(e.clientY - event.clientY) > 4;
      if (dragged) resize(window.innerHeight - e.clientY - 12);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", move), { once: true });
  });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowUp: 40, ArrowDown: -40 }[event.key];
    if (step) resize(tall() + step);
  });
  return handle;
}

export function mountDrawer() {
  const panel = byId("drawer");
  document.body.style.setProperty("--drawer-height", `${HEIGHT.start}px`);
  let opened = false;
  const render = () => {
    const view = state.get("drawer");
    stop("stats"); // nobody waits for what was on show
    panel.hidden = !VIEWS[view] || !state.get("catalogue") || state.get("place") !== "map";
    document.body.classList.toggle("has-drawer", !panel.hidden);
    if (opened === panel.hidden && innerWidth >= 1280) state.set({ panel: panel.hidden });
    opened = !panel.hidden;
    if ((panel.hidden || view !== "diff") && state.get("work")?.from === "difference") state.set({ work: null });
    if (panel.hidden) return;
    panel.setAttribute("aria-label", t("stats.title"));
    const body = h("div.drawer-body");
    keepFocus(panel, () => fill(panel, grip(panel), head(view), body));
    const missing = () => fill(body, failure(errorText(unreachable()), render, t("action.retry")));
    VIEWS[view]().catch(() => null).then((show) => body.isConnected && (show ? show(body, statsLayer()) : missing()));
  };
  state.on("drawer statsLayer statsScope lang basis unit catalogue place theme filters pinned planDate versionsThen", render);
  state.on("highlight", () => (["table", "proximity"].includes(state.get("drawer")) ? render() : markChosen(panel)));
  const scoped = () => !panel.hidden && SCOPED.includes(state.get("drawer"));
  state.on("selection", () => scoped() && render());
  let timer = null;
  state.on("view", () => {
    clearTimeout(timer);
    if (scoped() && scopeNow(state.get("drawer"), statsLayer()) === "view") timer = setTimeout(render, FOLLOW_MS);
  });
  render();
}
