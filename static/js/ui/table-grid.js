/** The table itself: only rows in sight stand in the page; arrows walk through all of them. */
import { ask } from "../commands.js";
import { fill, h } from "../dom.js";
import { t, title } from "../i18n.js";
import { state } from "../state.js";
import { badge } from "./evidence.js";

const ROW = 32;
const SPARE = 10;

const refOf = (layer, f) => ({ layer: layer.id, id: f.id });
const isSelected = (layer, f) => state.get("selection")?.layer === layer.id && state.get("selection").id === f.id;

function spacer(n) {
  if (!n) return null;
  const tr = h("tr", { "aria-hidden": "true" });
  tr.style.setProperty("height", `${n * ROW}px`);
  return tr;
}

function headCell(column, sort, act) {
  const on = sort.key === column.key;
  return h("th", { scope: "col", class: column.num ? "num" : "", "aria-sort": on ? (sort.down ? "descending" : "ascending") : "none" },
    h("button.sort", { type: "button", "data-sort": column.key, onclick: () => act(column.key) }, column.label, h("span.sort-mark", { "aria-hidden": "true" }, on ? (sort.down ? "↓" : "↑") : "")));
}

function cells(layer, columns, f, i, focus) {
  return columns.map((c, n) => {
    const value = c.of(f);
    const text = c.show ? c.show(value, f) : String(value ?? "—");
    if (n) return h("td", { class: c.num ? "num" : "", title: String(value ?? "").length > 24 ? String(value) : null }, text);
    return h("th", { scope: "row" }, h("button.link.ink", { type: "button", tabindex: focus === i ? "0" : "-1", "data-row": String(i) }, text));
  });
}

/** {node, show(model), paint(), reveal(i)}; model: {layer, columns, rows, sort, sortBy(key)}. */
export function grid() {
  let model = null;
  let focus = 0; // the row that Tab comes to
  let stamp = 0;
  const thead = h("thead");
  const tbody = h("tbody");
  const table = h("table.data.grid", {}, thead, tbody);
  const node = h("div.table-scroll.scroll", { role: "region" }, table);

  function row(i) {
    const { layer, columns, rows } = model;
    const f = rows.at(i);
    if (!f) return h("tr.is-coming", { "aria-rowindex": String(i + 2), "aria-busy": "true" }, h("th", { scope: "row", colSpan: columns.length + 1 }, h("button.link.ink", { type: "button", tabindex: focus === i ? "0" : "-1", "data-row": String(i) }, t("table.coming"))));
    const pick = () => { focus = i; state.set({ selection: refOf(layer, f), hits: null, tool: "select" }); };
    return h("tr", {
      "aria-rowindex": String(i + 2), "aria-selected": String(isSelected(layer, f)), "data-id": f.id,
      onclick: pick, onmouseenter: () => state.set({ hover: refOf(layer, f) }), onmouseleave: () => state.set({ hover: null }), ondblclick: () => f.box && ask("fit", f.box),
    }, h("td", {}, badge(f.properties.evidence, { small: true })), cells(layer, columns, f, i, focus));
  }

  function paint(again = false) {
    const { rows } = model;
    const total = rows.total ?? 0;
    const first = Math.max(0, Math.floor(node.scrollTop / ROW) - SPARE);
    const last = Math.min(total, first + Math.ceil((node.clientHeight || 400) / ROW) + 2 * SPARE);
    rows.want(first, last);
    const now = `${stamp}:${first}:${last}`;
    if (!again && tbody.dataset.at === now) return;
    tbody.dataset.at = now;
    const held = tbody.contains(document.activeElement);
    if (focus < first || focus >= last) focus = held ? focus : Math.min(Math.max(first + SPARE, 0), Math.max(0, last - 1));
    fill(tbody, spacer(first), Array.from({ length: Math.max(0, last - first) }, (_, n) => row(first + n)), spacer(total - last));
    if (held) tbody.querySelector(`[data-row="${focus}"]`)?.focus({ preventScroll: true });
  }

  function reveal(i) {
    const head = thead.offsetHeight;
    const top = i * ROW;
    if (top < node.scrollTop) node.scrollTop = top;
    else if (top + ROW + head > node.scrollTop + node.clientHeight) node.scrollTop = top + ROW + head - node.clientHeight;
  }

  function walk(event) {
    const total = model?.rows.total ?? 0;
    const at = event.target.closest?.("[data-row]");
    if (!at || !total) return;
    const page = Math.max(1, Math.floor(node.clientHeight / ROW) - 2);
    const to = { ArrowDown: focus + 1, ArrowUp: focus - 1, PageDown: focus + page, PageUp: focus - page, Home: 0, End: total - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    focus = Math.max(0, Math.min(total - 1, to));
    reveal(focus);
    paint(true);
    tbody.querySelector(`[data-row="${focus}"]`)?.focus({ preventScroll: true });
  }

  function show(given) {
    const moved = model && (model.rows !== given.rows);
    model = given;
    stamp += 1;
    const held = document.activeElement?.closest?.("[data-sort]")?.dataset.sort;
    node.setAttribute("aria-label", title(model.layer));
    table.setAttribute("aria-rowcount", String((model.rows.total ?? 0) + 1));
    table.setAttribute("aria-busy", String(model.rows.asking));
    table.classList.toggle("is-asking", model.rows.total === null);
    fill(thead, h("tr", { "aria-rowindex": "1" }, h("th", { scope: "col" }, t("layers.evidenceMix")), model.columns.map((c) => headCell(c, model.sort, model.sortBy))));
    if (held) thead.querySelector(`[data-sort="${held}"]`)?.focus();
    if (moved) { node.scrollTop = 0; focus = 0; }
    paint(true);
  }

  /** The hovered and the selected row, wherever they were chosen. */
  function mark() {
    const [selection, hover] = [state.get("selection"), state.get("hover")];
    const is = (ref, id) => ref?.layer === model.layer.id && ref.id === id;
    for (const tr of tbody.querySelectorAll("tr[data-id]")) {
      tr.setAttribute("aria-selected", String(is(selection, tr.dataset.id)));
      tr.classList.toggle("is-hover", is(hover, tr.dataset.id));
    }
  }

  node.addEventListener("scroll", () => model && paint());
  node.addEventListener("keydown", walk);
  return { node, show, reveal, mark: () => model && mark() };
}
