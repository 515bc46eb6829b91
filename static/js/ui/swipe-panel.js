/** Swipe: an older version of a layer on the left, the current one on the right. */
import { collection, isOn } from "../catalogue.js";
import { button, byId, fill, h, iconButton } from "../dom.js";
import { icon } from "./icons.js";
import { day, errorText, t, title } from "../i18n.js";
import { state } from "../state.js";
import { versionsOf } from "../versions.js";
import { select } from "./controls.js";
import { openDialog } from "./dialog.js";

/** The divider: a slider by keyboard, a handle by touch, and a chip for each side. */
export function mountSwipe() {
  const bar = h("div.swipe", { hidden: true });
  byId("app").append(bar);
  const place = (x) => state.set({ swipe: { ...state.get("swipe"), x: Math.max(0, Math.min(1, x)) } });
  const handle = h("button.swipe-handle", { type: "button", role: "slider", "aria-valuemin": "0", "aria-valuemax": "100" }, icon("back"), icon("chevron"));
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    const move = (e) => place((e.clientX - bar.parentElement.getBoundingClientRect().left) / bar.parentElement.clientWidth);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", move), { once: true });
  });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -0.01, ArrowRight: 0.01, Home: -1, End: 1 }[event.key];
    if (step) place(state.get("swipe").x + step * (event.shiftKey ? 10 : 1));
  });
  const render = () => {
    const swipe = state.get("swipe");
    bar.hidden = !swipe || state.get("place") !== "map";
    if (bar.hidden) return;
    bar.style.setProperty("--x", `${swipe.x * 100}%`);
    handle.setAttribute("aria-label", t("swipe.handle"));
    handle.setAttribute("aria-valuenow", String(Math.round(swipe.x * 100)));
    const layer = title(collection(swipe.layer));
    fill(bar, h("span.swipe-chip.left", {}, h("span.cap", {}, t("swipe.left")), h("strong", {}, `${layer} ${t("version.n", { n: swipe.version })}`)),
      h("span.swipe-chip.right", {}, h("span.cap", {}, t("swipe.right")), h("strong", {}, t("swipe.current")), iconButton("close", t("swipe.off"), { onclick: () => state.set({ swipe: null }) })), handle);
  };
  state.on("swipe place lang catalogue", render);
}

export async function openSwipe() {
  if (state.get("swipe")) {
    state.set({ swipe: null });
    return;
  }
  const layers = [...state.get("catalogue").collections.values()].filter((c) => isOn(c.id) && c.version > 1);
  const body = h("div.stack");
  const { close } = openDialog({ title: t("swipe.title"), body });
  if (!layers.length) {
    body.append(h("p.soft", {}, t("swipe.none")));
    return;
  }
  const choose = async (id) => {
    body.replaceChildren(layerField(), h("p.cap", {}, "…"));
    try {
      const older = (await versionsOf(id)).filter((v) => v.number !== collection(id).version);
      body.replaceChildren(layerField(id), ...older.map((v) => button("secondary", `${t("version.n", { n: v.number })} · ${day(v.published_at)}`, {
        onclick: () => { state.set({ swipe: { layer: id, version: v.number, x: 0.5 } }); close(); },
      })));
    } catch (error) {
      body.replaceChildren(layerField(id), h("p.field-error", {}, errorText(error)));
    }
  };
  const layerField = (value = layers[0].id) => select({
    label: t("stats.layer"), value, options: layers.map((c) => [c.id, title(c)]), change: choose,
  });
  choose(layers[0].id);
}
