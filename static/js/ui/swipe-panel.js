/** Swipe: an older version of a layer on the left and the current one on the right, or two layers. */
import { collection, fieldOf, isOn, versionOf } from "../catalogue.js";
import { dividing, middle, proposal, swipeProposal } from "../divider.js";
import { button, byId, fill, h, iconButton } from "../dom.js";
import { icon } from "./icons.js";
import { errorText, t, title } from "../i18n.js";
import { state } from "../state.js";
import { versionsOf } from "../versions.js";
import { select } from "./controls.js";
import { openDialog } from "./dialog.js";
import { versionLabel } from "./origin.js";

const STEP = 0.1; // of the map, for a press on one of the handle's arrows
const STILL_PX = 4;

/** The divider: a slider by keyboard, a handle to drag or to press on its arrows, and a chip for each side. */
export function mountSwipe() {
  const bar = h("div.swipe", { hidden: true });
  byId("app").append(bar);
  const place = (x) => state.set({ swipe: { ...state.get("swipe"), x: Math.max(0, Math.min(1, x)) } });
  const handle = h("button.swipe-handle", { type: "button", role: "slider", "aria-valuemin": "0", "aria-valuemax": "100" }, icon("back"), icon("chevron"));
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    let dragged = false;
    const { left, width } = handle.getBoundingClientRect();
    const move = (e) => {
      dragged ||= Math.abs(e.clientX - event.clientX) > STILL_PX;
      if (dragged) place((e.clientX - bar.parentElement.getBoundingClientRect().left) / bar.parentElement.clientWidth);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => {
      handle.removeEventListener("pointermove", move);
      if (!dragged) place(dividing().x + (event.clientX < left + width / 2 ? -STEP : STEP));
    }, { once: true });
  });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -0.01, ArrowRight: 0.01, Home: -1, End: 1 }[event.key];
    if (step) place(state.get("swipe").x + step * (event.shiftKey ? 10 : 1));
  });
  const render = () => {
    const swipe = dividing();
    bar.hidden = !swipe;
    bar.classList.toggle("is-work", Boolean(swipe?.proposed));
    if (bar.hidden) return;
    bar.style.setProperty("--x", `${swipe.x * 100}%`);
    handle.setAttribute("aria-label", t("swipe.handle"));
    handle.setAttribute("aria-valuenow", String(Math.round(swipe.x * 100)));
    const [left, right] = sides(swipe);
    handle.setAttribute("aria-valuetext", t("swipe.says", { left, right, n: Math.round(swipe.x * 100) }));
    const rooms = roomsBeside(bar.parentElement, swipe.x);
    const end = iconButton("close", t("swipe.off"), { onclick: () => state.set({ swipe: null }) });
    const narrow = Boolean(rooms[1].display); // then the other side's name holds the way out
    fill(bar, h("span.swipe-chip.left", { title: left, style: rooms[0] }, h("span.cap", {}, t("swipe.left")), h("strong.clip", {}, left), blankOn(0), narrow && end),
      h("span.swipe-chip.right", { title: right, style: rooms[1] }, h("span.cap", {}, t("swipe.right")), h("strong.clip", {}, right), blankOn(1), !narrow && end), handle);
  };
  state.on("swipe swipeBlank place lang catalogue panel selection compare drawer pinned versionsThen", () => requestAnimationFrame(render));
  new ResizeObserver(render).observe(bar.parentElement);
  state.on("work", () => dividing()?.proposed && requestAnimationFrame(render));
  state.on("swipe catalogue place work", showBoth);
  state.on("place placeId", forgetProposal);
}

/** It belongs to one changeset or upload. */
function forgetProposal() {
  const [id] = (state.get("placeId") ?? "").split("/");
  if (id !== heldFor && heldFor && state.get("swipe")?.proposed) state.set({ swipe: null });
  heldFor = id;
}
let heldFor = null;

const GAP = 20;
const NARROW = 72; // px: less says nothing

/** How wide each side's name may be: from the divider to the panel or the edge beside it. */
function roomsBeside(app, x) {
  const frame = app.getBoundingClientRect();
  const at = frame.left + frame.width * x;
  const wide = (element) => element.getClientRects().length && !element.classList.contains("is-rail") && element.offsetWidth < frame.width / 2;
  const tools = byId("toolbar");
  const left = beside("#layers, #page .page-panel.left").find(wide);
  const right = beside("#inspector, #page .page-panel.right").find(wide);
  const from = left ? left.getBoundingClientRect().right : frame.left;
  const column = tools.getClientRects().length && tools.offsetHeight > tools.offsetWidth;
  const to = right ? right.getBoundingClientRect().left : column ? tools.getBoundingClientRect().left : frame.right;
  return [at - from, to - at].map((room) => (room - GAP < NARROW ? { display: "none" } : { "max-width": `${room - GAP}px` }));
}

const beside = (panels) => [...document.querySelectorAll(panels)];
const titleOf = (id) => title(collection(id) ?? { id });
const numbered = (n) => (n ? t("version.n", { n }) : t("swipe.before"));

/** What each side is called. The right one is in force unless the reader has pinned another, or looks back. */
function sides({ layer, version, other, proposed }) {
  if (other) return [titleOf(layer), titleOf(other)];
  if (proposed) return [`${titleOf(layer)} ${numbered(version)}`, t(proposal().whole ? "swipe.proposed" : "swipe.proposedFar")];
  const shown = versionOf(layer);
  const now = shown === collection(layer)?.version ? `${t("swipe.current")} · ` : "";
  return [`${titleOf(layer)} ${numbered(version)}`, `${now}${numbered(shown)}`];
}

/** What a side does not have, and is white for. */
function blankOn(side) {
  const { layer, field, side: at } = state.get("swipeBlank") ?? {};
  return at === side && h("span.chip.ind", {}, t("swipe.blank", { field: title(fieldOf(layer, field) ?? { id: field }) }));
}

/** Two layers held against each other are both drawn. */
function showBoth() {
  const { layer, other, proposed } = dividing() ?? {};
  if (!state.get("catalogue")) return;
  if (proposed && !isOn(layer)) state.set({ on: { ...state.get("on"), [layer]: true } });
  if (!other) return;
  if (!collection(layer) || !collection(other) || layer === other) state.set({ swipe: null });
  else if (!isOn(layer) || !isOn(other)) state.set({ on: { ...state.get("on"), [layer]: true, [other]: true } });
}

/** One layer left, another right. */
function twoLayers(close) {
  const all = [...state.get("catalogue").collections.values()].filter((c) => c.feature_count && c.id !== "district");
  const ready = [...all].sort((a, b) => isOn(b.id) - isOn(a.id));
  const chosen = { layer: ready[0]?.id, other: ready[1]?.id };
  const choice = (side, label) => select({ label: t(label), value: chosen[side], options: all.map((c) => [c.id, title(c)]), change: (id) => { chosen[side] = id; start.disabled = chosen.layer === chosen.other; } });
  const start = button("primary", t("swipe.start"), { "data-act": "swipe-layers", onclick: () => { state.set({ swipe: { ...chosen, x: middle() } }); close(); } });
  return h("section.stack", {}, h("h3", {}, t("swipe.layers")), h("div.pair", {}, choice("layer", "swipe.left"), choice("other", "swipe.right")), start);
}

const FEW = 6; // versions, each with a button of its own

/** A few are buttons, many are a list to choose from. */
function olderVersions(older, begin) {
  if (older.length <= FEW) return older.map((v) => button("secondary", versionLabel(v), { onclick: () => begin(v.number) }));
  let chosen = older[0].number;
  return [select({ label: t("layers.version"), name: "swipe-version", value: String(chosen), options: older.map((v) => [String(v.number), versionLabel(v)]), change: (v) => { chosen = Number(v); } }),
    button("primary", t("swipe.start"), { "data-act": "swipe-versions", onclick: () => begin(chosen) })];
}

export async function openSwipe() {
  if (proposal()) {
    swipeProposal();
    return;
  }
  if (state.get("swipe")) {
    state.set({ swipe: null });
    return;
  }
  const layers = [...state.get("catalogue").collections.values()].filter((c) => isOn(c.id) && c.version > 1);
  const body = h("div.stack");
  const host = h("div.stack");
  const { close } = openDialog({ title: t("swipe.title"), body: host });
  host.append(twoLayers(close), h("h3", {}, t("swipe.versions")), body);
  if (!layers.length) {
    body.append(h("p.soft", {}, t("swipe.none")));
    return;
  }
  const choose = async (id) => {
    body.replaceChildren(layerField(), h("p.cap", {}, "…"));
    try {
      const older = (await versionsOf(id)).filter((v) => v.number !== collection(id).version);
      const begin = (version) => { state.set({ swipe: { layer: id, version, x: middle() } }); close(); };
      body.replaceChildren(layerField(id), ...olderVersions(older, begin));
    } catch (error) {
      body.replaceChildren(layerField(id), h("p.field-error", {}, errorText(error)));
    }
  };
  const layerField = (value = layers[0].id) => select({
    label: t("stats.layer"), value, options: layers.map((c) => [c.id, title(c)]), change: choose,
  });
  choose(layers[0].id);
}
