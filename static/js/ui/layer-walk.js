/** Keys in the layer tree, a grid of rows by the ARIA practices: one Tab stop, up and down between rows, left and
 * right within one, letters to the next name that begins so. */
import { placeFor, stopAt } from "./roving.js";

const ROWS = ".tree-head, .tree-row";
const NAME_COLUMN = 1; // what lies after it is drawn only in the row that has the focus
const WALKS = new Set(["Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"]);
const PAUSE_MS = 700;
let last = null; // the row that was stood on, by what it opens
let typed = "";
let typedAt = 0;
let pointed = false; // at the row with the focus: letters go on being the page's own keys

const keyOf = (row) => row.dataset.group ?? row.closest("[data-layer-row]")?.dataset.layerRow;
const controls = (row) => (row.matches("button") ? [row] : [...row.querySelectorAll("input, button")]);
const nameOf = (row) => (row.dataset.said ?? row.textContent).toLowerCase();

/** After each drawing: Tab comes to the row it left. */
export function settle(body) {
  const rows = [...body.querySelectorAll(ROWS)];
  const row = rows.find((e) => keyOf(e) === last) ?? rows[0];
  if (row) stopAt(rows.flatMap(controls), controls(row)[0]);
}

function typeAhead(event, rows, at) {
  typed = event.timeStamp - typedAt > PAUSE_MS ? event.key : typed + event.key;
  typedAt = event.timeStamp;
  const sought = typed.toLowerCase();
  const from = typed.length > 1 ? at : at + 1;
  const order = [...rows.slice(from), ...rows.slice(0, from)];
  return order.find((row) => nameOf(row).split("\n").some((name) => name.startsWith(sought)));
}

function sideways(event, row, rows) {
  const all = controls(row);
  const at = all.indexOf(event.target);
  const open = row.getAttribute("aria-expanded") === "true";
  if (event.key === "ArrowRight") {
    if (row.matches("button")) return open ? controls(rows[rows.indexOf(row) + 1] ?? row)[0] : row.click();
    return all[at + 1];
  }
  if (row.matches("button")) return open ? row.click() : null;
  return all[at - 1] ?? row.closest(".tree-group").querySelector(".tree-head");
}

const plain = (event) => !event.altKey && !event.ctrlKey && !event.metaKey;
const letter = (event) => event.key.length === 1 && /[\p{L}\d+]/u.test(event.key);

function aim(event, row, rows) {
  const at = rows.indexOf(row);
  const to = placeFor(event, at, rows.length);
  if (to !== null) {
    const column = Math.min(NAME_COLUMN, controls(row).indexOf(event.target));
    return controls(rows[to])[column] ?? controls(rows[to])[0];
  }
  if (letter(event) && !pointed) {
    const found = typeAhead(event, rows, at);
    return found ? controls(found)[0] : event.target;
  }
  return ["ArrowLeft", "ArrowRight"].includes(event.key) ? sideways(event, row, rows) : undefined;
}

/** The tree's keys, listened to once for its panel. */
export function walkable(body) {
  body.addEventListener("pointerdown", () => { pointed = true; });
  document.addEventListener("keydown", ({ key }) => { pointed &&= !WALKS.has(key); }, true);
  body.addEventListener("focusin", ({ target }) => {
    const row = target.closest(ROWS);
    if (!row) return;
    last = keyOf(row);
    stopAt([...body.querySelectorAll(ROWS)].flatMap(controls), target);
  });
  body.addEventListener("keydown", (event) => {
    const row = event.target.closest(ROWS);
    const to = row && plain(event) ? aim(event, row, [...body.querySelectorAll(ROWS)]) : undefined;
    if (to === undefined && !(row && ["ArrowLeft", "ArrowRight"].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    to?.focus();
  });
  return body;
}
