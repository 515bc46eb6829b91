/** The time bar: a day of the plans, or a moment of publication, by slider, steps or date. */
import { isOn, isTiled } from "../catalogue.js";
import { byId, fill, h, iconButton } from "../dom.js";
import { featuresOf } from "../features.js";
import { day, errorText, joined, t, title } from "../i18n.js";
import { state } from "../state.js";
import { isPast, lookBack, moments } from "../versions.js";
import { segmented } from "./controls.js";
import { toast } from "./toast.js";

const DAY_MS = 86_400_000;
const MARGIN_DAYS = 365;
const toDay = (ms) => new Date(ms).toISOString().slice(0, 10);
const today = () => toDay(Date.now());

const layersOn = () => [...(state.get("catalogue")?.collections.values() ?? [])].filter((c) => isOn(c.id));

/** Days on which something of the layers shown begins, or has just ended. */
function planDays() {
  const days = new Set();
  for (const c of layersOn()) {
    for (const { properties: p } of featuresOf(c.id) ?? []) {
      if (p.valid_from) days.add(p.valid_from.slice(0, 10));
      if (p.valid_to) days.add(toDay(Date.parse(p.valid_to) + DAY_MS));
    }
  }
  return [...days].sort();
}

const planScale = () => {
  const stops = planDays();
  if (!stops.length) return null;
  const end = Math.max(Date.parse(stops.at(-1)), Date.parse(today()));
  return { stops: stops.map((d) => Date.parse(d)), min: Date.parse(stops[0]) - MARGIN_DAYS * DAY_MS, max: end, step: DAY_MS };
};

async function publishedScale() {
  const found = await moments(layersOn().map((c) => c.id));
  if (found.length < 2) return null;
  // Publications come in bursts: each stands at the same distance from the next.
  return { stops: found.map((_, i) => i), min: 0, max: found.length - 1, step: 1, found };
}

function slider(scale, value, { text, change }) {
  const input = h("input.range", { type: "range", min: String(scale.min), max: String(scale.max), step: String(scale.step), "aria-label": t("time.slider") });
  input.value = String(value);
  const show = () => {
    input.setAttribute("aria-valuetext", text(Number(input.value)));
    input.style.setProperty("--part", `${((input.value - scale.min) / (scale.max - scale.min || 1)) * 100}%`);
  };
  let frame = null;
  input.addEventListener("input", () => {
    show();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => change(Number(input.value)));
  });
  show();
  const ticks = scale.stops.map((stop) => {
    const tick = h("span.tick");
    tick.style.setProperty("--at", `${((stop - scale.min) / (scale.max - scale.min || 1)) * 100}%`);
    return tick;
  });
  return h("div.time-track", {}, h("div.time-ticks", { "aria-hidden": "true" }, ticks), input);
}

const stepTo = (scale, value, way) => (way < 0 ? scale.stops.filter((s) => s < value).at(-1) : scale.stops.find((s) => s > value));

function steps(scale, value, change) {
  return [[-1, "back", "time.before"], [1, "chevron", "time.after"]].map(([way, name, label]) => {
    const next = stepTo(scale, value, way);
    return iconButton(name, t(label), { disabled: next === undefined, "data-step": way, onclick: () => change(next) });
  });
}

function planControls(scale) {
  const at = Date.parse(state.get("planDate") ?? today());
  const change = (ms) => state.set({ planDate: toDay(ms) });
  const date = h("input.input.small", { type: "date", "aria-label": t("time.plan"), value: toDay(at) });
  date.addEventListener("change", () => date.value && change(Date.parse(date.value)));
  const [before, after] = steps(scale, at, change);
  return [before, slider(scale, Math.min(scale.max, Math.max(scale.min, at)), { text: (ms) => day(toDay(ms)), change }), after, date];
}

function publishedControls(scale) {
  const asOf = state.get("asOf");
  const last = scale.found.length - 1;
  const at = asOf ? Math.max(0, scale.found.findLastIndex((m) => m.at <= asOf)) : last;
  const change = (i) => lookBack(i === last ? null : scale.found[i].at).catch((error) => toast(errorText(error)));
  const [before, after] = steps(scale, at, change);
  const say = (i) => `${moment(scale.found[i].at)} · ${joined(scale.found[i].layers.map((id) => title(state.get("catalogue").collections.get(id))))}`;
  return [before, slider(scale, at, { text: say, change }), after, h("span.time-say.clip", { title: say(at) }, say(at))];
}

const moment = (iso) => new Intl.DateTimeFormat(state.get("lang") === "zh" ? "zh-CN" : "en-GB", { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(iso));

const reset = () => {
  state.set({ planDate: null });
  lookBack(null);
};

function notes(mode, scale) {
  if (mode !== "plan") return null;
  const first = scale && new Date(scale.stops[0]).toISOString().slice(0, 10);
  if (first && state.get("planDate") && state.get("planDate") < first) return h("p.cap.time-note", { role: "status" }, t("time.early.plan", { d: day(first) }));
  return layersOn().some((c) => isTiled(c.id)) ? h("p.cap.time-note", {}, t("time.tiled")) : null;
}

export function mountTimeBar() {
  const bar = h("section", { id: "timebar", hidden: true, "data-covers": "none" });
  byId("app").append(bar);
  let asked = 0;
  const render = async () => {
    const mode = state.get("timeBar");
    bar.hidden = !mode || state.get("place") !== "map" || !state.get("catalogue");
    document.body.classList.toggle("has-timebar", !bar.hidden);
    if (bar.hidden) return;
    asked += 1;
    const mine = asked;
    const scale = mode === "plan" ? planScale() : await publishedScale().catch(() => null);
    if (mine !== asked) return;
    const held = document.activeElement?.closest?.("#timebar") && [document.activeElement.type, document.activeElement.dataset.step];
    bar.setAttribute("aria-label", t("time.title"));
    const past = Boolean(state.get("planDate") || state.get("asOf"));
    fill(bar, segmented({ label: t("time.title"), value: mode, options: [["plan", t("time.plan")], ["published", t("time.published")]], change: (timeBar) => state.set({ timeBar }) }),
      scale ? h("div.time-controls", {}, mode === "plan" ? planControls(scale) : publishedControls(scale)) : h("p.soft.time-controls", {}, t(`time.none.${mode}`)),
      h("button.btn.quiet.small", { type: "button", disabled: !past, onclick: reset }, t("time.now")),
      iconButton("close", t("inspect.close"), { onclick: () => state.set({ timeBar: null }) }), notes(mode, scale));
    if (held) (bar.querySelector(`[type="${held[0]}"]${held[1] ? `[data-step="${held[1]}"]` : ""}`) ?? bar.querySelector("input"))?.focus();
  };
  state.on("timeBar planDate asOf on loading lang place catalogue", render);
  state.on("catalogue", () => {
    if (state.get("asOf") && !state.get("versionsThen")) lookBack(state.get("asOf")).catch((error) => toast(errorText(error)));
  });
  render();
}

const dotted = (iso) => iso.slice(0, 10).replaceAll("-", ".");

/** What is shown of time, in a few words; null until something is known. */
export function timeShown() {
  const { asOf, planDate } = { asOf: state.get("asOf"), planDate: state.get("planDate") };
  const newest = Math.max(0, ...[...(state.get("catalogue")?.collections.values() ?? [])].map((c) => Date.parse(c.published_at) || 0));
  if (!newest) return null;
  const says = [planDate && t("time.planned", { d: dotted(planDate) }), asOf && t("time.asOf", { d: dotted(asOf) })].filter(Boolean).join(" · ");
  return isPast() ? says || t("version.past") : `${t("version.current")} ${dotted(new Date(newest).toISOString())}`;
}

export const toggleTime = () => state.set({ timeBar: state.get("timeBar") ? null : "plan" });
