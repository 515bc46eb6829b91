/** One box for everything: names, aliases, pinyin, codes, positions. Keyboard first. */
import * as api from "../api.js";
import { byId, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { readPosition } from "../lib/position.js";
import { state } from "../state.js";
import { icon } from "./icons.js";
import { goTo } from "./search-goals.js";
import { examples, nothing } from "./search-hints.js";
import { kindOf, searchRow } from "./search-rows.js";
import { say } from "./toast.js";

const WAIT_MS = 150;
const AGAIN_MS = 1000;
const RECENT = 5;
let recent = [];
let results = [];
let active = -1;
let timer = null;
let waiting = false; // a large layer is still being indexed: its names come later
let nearest = false; // nothing is spelled so: these are the nearest

function choose(result, byKey = false) {
  if (!result) return;
  if (result.example) {
    tryOut(result.example);
    return;
  }
  if (result.again) {
    result.again();
    return;
  }
  close();
  if (kindOf(result) === "feature") recent = [result, ...recent.filter((r) => r.id !== result.id)].slice(0, RECENT);
  goTo(result, byKey);
}

/** Examples are no answer to what is being typed. */
function dropExamples() {
  if (!results[0]?.example) return;
  results = [];
  active = -1;
  fill(byId("search-list"));
}

function tryOut(example) {
  byId("search-input").value = example;
  look(example);
}

function close() {
  const input = byId("search-input");
  input.setAttribute("aria-expanded", "false");
  input.blur();
  byId("search-list").hidden = true;
  state.set({ hover: null });
}

/** Esc closes the list, then empties the box. */
function leave(event) {
  event.stopPropagation();
  const list = byId("search-list");
  if (list.hidden) event.target.value = "";
  list.hidden = true;
  event.target.setAttribute("aria-expanded", "false");
  state.set({ hover: null });
}

const rowAt = (result, i, query) => searchRow(result, {
  role: "option", id: `search-${i}`, "aria-selected": String(i === active), onmousedown: (e) => { e.preventDefault(); choose(result); },
}, query);

function show(list, query) {
  const found = list.length || waiting;
  results = found ? list : examples();
  active = list.length ? 0 : -1;
  if (query && !found) say(t("search.none", { q: query }));
  const box = byId("search-list");
  byId("search-input").setAttribute("aria-expanded", "true");
  box.hidden = false;
  paint(query);
}

/** What stands above the first row of a kind. */
function heading(i, query) {
  const of = kindOf(results[i]);
  if (of === kindOf(results[i - 1])) return null;
  const text = { example: t("search.try"), document: t("nav.documents"), statistic: t("nav.stats"), code: t("search.classes"), collection: t("layers.title"), feature: query ? nearest && t("search.alike", { q: query }) : t("search.recent") }[of];
  return text && h("li.search-head.cap", { role: "presentation" }, text);
}

function paint(query = byId("search-input").value.trim()) {
  const box = byId("search-list");
  fill(box, query && results[0]?.example && nothing(query), results.map((r, i) => [heading(i, query), rowAt(r, i, query)]),
    !results.length && query ? h("li.search-none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, t("search.pending")) : null);
  byId("search-input").setAttribute("aria-activedescendant", active >= 0 ? `search-${active}` : "");
  byId(`search-${active}`)?.scrollIntoView({ block: "nearest" });
}

async function look(query) {
  if (!query) {
    waiting = false;
    show(recent, "");
    return;
  }
  const at = readPosition(query);
  if (at) {
    show([{ id: "position", position: at }], query);
    return;
  }
  try {
    const body = await api.get("search", { q: query }, { name: "search" });
    if (byId("search-input").value.trim() !== query) return;
    waiting = body.pending?.length > 0;
    nearest = body.alike;
    const found = inOrder(body);
    show(found, query);
    if (found.length && !waiting) say(t("search.said", { n: found.length }));
    if (waiting) timer = setTimeout(() => look(query), AGAIN_MS);
  } catch (error) {
    if (error.name !== "AbortError") down(query);
  }
}

/** What answers a question, a class or a layer that is called so, then names; what is only described so comes
 * after what is titled so. */
function inOrder({ results: found, documents = [], layers = [], questions = [], classes = [] }) {
  const isTold = found.length > 0 && found.every((r) => r.why_by === "told");
  const isMeant = (r) => r.exact && r.collection;
  const rest = [...layers.filter((r) => !r.begins), ...classes.filter((r) => !isMeant(r)), ...documents];
  return [...questions, ...classes.filter(isMeant), ...layers.filter((r) => r.begins), ...(isTold ? [...rest, ...found] : [...found, ...rest])];
}

/** It says so, and is asked again: by the button, or once the service is back. */
function down(query) {
  show([], "");
  const again = () => byId("search-input").value.trim() === query && look(query);
  results = [{ again }];
  active = 0;
  const row = h("li.search-row.search-none", { role: "option", id: "search-0", "aria-selected": "true", onmousedown: (event) => { event.preventDefault(); again(); } },
    h("span.grow", {}, t("search.down")), " ", h("span.link.strong", {}, t("action.retry")));
  fill(byId("search-list"), row);
  byId("search-input").setAttribute("aria-activedescendant", row.id);
  say(t("search.down"));
  const stop = state.on("back", () => {
    stop();
    if (row.isConnected) again();
  });
}

function onKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && results.length && !results[0].again) {
    event.preventDefault();
    active = active < 0 && step < 0 ? results.length - 1 : (active + step + results.length) % results.length;
    const r = results[active];
    if (r.layer) state.set({ hover: { layer: r.layer, id: r.id } });
    paint();
  } else if (event.key === "Enter") {
    event.preventDefault();
    choose(results[active], true);
  } else if (event.key === "Escape") leave(event);
}

export function mountSearch() {
  const box = byId("search");
  const render = () => {
    const input = h("input", {
      id: "search-input", type: "text", role: "combobox", autocomplete: "off", spellcheck: false, "aria-expanded": "false", "aria-controls": "search-list",
      "aria-autocomplete": "list", "aria-label": t("search.label"), placeholder: t("search.placeholder"),
      onfocus: () => look(input.value.trim()), onblur: close, onkeydown: onKey,
      oninput: () => { clearTimeout(timer); dropExamples(); timer = setTimeout(() => look(input.value.trim()), WAIT_MS); },
    });
    fill(box, h("div.search-box", {}, icon("search"), input, h("kbd", {}, "/")), h("ul", { id: "search-list", class: "scroll", role: "listbox", "aria-label": t("search.label"), hidden: true }));
  };
  state.on("lang", render);
  render();
}

export const focusSearch = () => byId("search-input").focus();
