/** The layer as a table, linked both ways to the map: its text twin. A small layer is sorted and searched
 * in the page, a large one by the service, the whole of it either way. */
import { chosenNow } from "../bands.js";
import { setFilter } from "../catalogue.js";
import { button, fill, h } from "../dom.js";
import { fetchFeature, loadFeatures, passes } from "../features.js";
import { errorText, name, t } from "../i18n.js";
import { isChosen } from "../lib/chosen.js";
import { number } from "../lib/format.js";
import { formatSort, parseSort, saysSo, sorted } from "../lib/table-question.js";
import { heldRows } from "../rows.js";
import { state } from "../state.js";
import { empty, failure, skeleton, toggle } from "./controls.js";
import { setExports } from "./stats-frame.js";
import { exportLinks, isAsked, rowsOf, sampleOf } from "./table-asked.js";
import { columnsOf, ownFields, searchedOf } from "./table-columns.js";
import { grid } from "./table-grid.js";

const TYPING_MS = 250;
const FOLLOW_MS = 400;
let inView = false;
let last = null; // the layer shown before: what was looked for there is not looked for here

const inBox = (f, b) => f.box && f.box[0] <= b[2] && f.box[2] >= b[0] && f.box[1] <= b[3] && f.box[3] >= b[1];

function held(layer, features, question) {
  const box = state.get("view").bbox;
  const rows = features.filter((f) => passes(layer.id, f.properties) && isChosen(chosenNow(), layer.id, f)
    && (!inView || inBox(f, box)) && saysSo(f, question.searched, question.find));
  return heldRows(question.column ? sorted(rows, question.column.of, question.down) : rows);
}

const narrowed = (layer) => state.get("filters")[layer.id] || state.get("tableFind") || state.get("highlight")?.layer === layer.id || inView;

function widen(layer, find) {
  inView = false;
  find.value = "";
  setFilter(layer.id, null);
  state.set({ highlight: null, tableFind: "" });
  state.announce("filters");
}

export function tableView(body, layer) {
  if (last && last !== layer.id) state.set({ tableFind: "", tableSort: null });
  last = layer.id;
  const box = h("div.stats-result.single", {}, skeleton(6));
  const says = h("span.cap.table-says", { role: "status" });
  const trouble = h("div.table-trouble");
  const picked = h("div.table-picked", { hidden: true });
  const find = h("input.input.small", { type: "search", placeholder: t("table.search"), "aria-label": t("table.search"), value: state.get("tableFind") });
  const controls = h("div.stats-controls", {}, find, toggle({ label: t("table.view"), checked: inView, change: (on) => { inView = on; view.again(); } }), says,
    layer.may_download === false && h("span.soft", {}, t("table.viewOnly")));
  fill(body, controls, trouble, picked, box);
  const view = tableOf(layer, { box, says, trouble, picked, find });
  let timer = null;
  find.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { state.set({ tableFind: find.value.trim() }); view.again(); }, isAsked(layer) ? TYPING_MS : 0);
  });
  const failed = (error) => body.isConnected && fill(box, failure(errorText(error), () => tableView(body, layer), t("action.retry")));
  (isAsked(layer) ? sampleOf(layer) : loadFeatures(layer.id)).then((features) => body.isConnected && view.begin(features)).catch(failed);
  follow(body, view);
}

/** The map's choices show in the table; the view moves it while it is asked for what is in view. */
function follow(body, view) {
  const ends = [
    state.on("hover", () => view.mark()),
    state.on("bandIds", () => view.chosen()),
    state.on("selection", () => view.reveal()),
    state.on("view", () => {
      clearTimeout(view.timer);
      if (inView) view.timer = setTimeout(view.again, FOLLOW_MS);
    }),
  ];
  const watch = new MutationObserver(() => {
    if (body.isConnected) return;
    watch.disconnect();
    ends.forEach((end) => end());
    view.end();
  });
  watch.observe(document.getElementById("drawer"), { childList: true });
}

function tableOf(layer, { box, says, trouble, picked, find }) {
  const table = grid();
  let features = null; // of a small layer all, of a large one some
  let columns = [];
  let rows = null; // what is shown
  let coming = null; // what is asked for

  const question = () => {
    const { key, down } = parseSort(state.get("tableSort"));
    const fields = ownFields(layer, features);
    return { searched: searchedOf(layer, fields, !isAsked(layer)), find: state.get("tableFind"), column: columns.find((c) => c.key === key), down, inView };
  };
  const sortBy = (key) => {
    const now = parseSort(state.get("tableSort"));
    state.set({ tableSort: formatSort({ key, down: now.key === key && !now.down }) });
    view.again();
  };

  function draw() {
    if (!rows) return;
    const { column, down } = question();
    if (rows.total === 0) {
      fill(box, empty(t("table.empty"), { iconName: "table", action: narrowed(layer) && button("secondary", t("table.widen"), { "data-act": "widen", onclick: () => widen(layer, find) }) }));
      return;
    }
    if (table.node.parentElement !== box) fill(box, table.node);
    table.show({ layer, columns, rows, sort: { key: column?.key ?? null, down }, sortBy });
  }

  function tell() {
    const waiting = coming !== null && coming.total === null && !coming.failed;
    const of = rows?.total ?? null;
    const whole = layer.feature_count;
    says.classList.toggle("is-asking", waiting);
    if (waiting) says.textContent = t("table.asking");
    else if (of !== null && rows.matched > of) says.textContent = t("table.most", { n: number(of), all: number(rows.matched) });
    else says.textContent = of === null ? "" : t(of < whole ? "table.rowsOf" : "table.rows", { n: number(of), all: number(whole) });
    const error = coming?.failed ?? rows?.failed;
    fill(trouble, error && failure(t("table.failed", { why: errorText(error) }), () => (coming?.failed ? view.again() : rows.retry()), t("action.retry")));
  }

  /** Rows that were there stay until the first of the new ones have come. */
  function settle() {
    if (coming && coming.total !== null) {
      if (rows !== coming) rows?.end();
      rows = coming;
      coming = null;
      setExports(exportLinks(layer, question(), rows.matched ?? rows.total));
      draw();
      view.reveal({ gently: true });
    } else if (!coming) draw();
    table.node.classList.toggle("is-waiting", Boolean(coming && !coming.failed));
    tell();
  }

  const view = {
    begin(given) {
      features = given;
      columns = columnsOf(layer, ownFields(layer, features));
      view.again();
    },
    again() {
      if (!features) return;
      coming?.end();
      setExports(exportLinks(layer, question(), null));
      coming = isAsked(layer) ? rowsOf(layer, question(), settle) : held(layer, features, question());
      settle();
    },
    mark: () => table.mark(),
    chosen: () => isAsked(layer) || view.again(),
    reveal({ gently = false } = {}) {
      const chosen = state.get("selection");
      const at = chosen?.layer === layer.id && rows ? rows.indexOf(chosen.id) : -1;
      if (at >= 0 && !gently) table.reveal(at);
      table.mark();
      const away = chosen?.layer === layer.id && rows?.total > 0 && at < 0;
      picked.hidden = !away;
      if (away) showPicked(picked, layer, chosen, columns, find);
    },
    end() {
      coming?.end();
      rows?.end();
    },
  };
  return view;
}

/** The feature chosen on the map whose row has not come: what it says, above the table. */
async function showPicked(box, layer, chosen, columns, find) {
  const f = await fetchFeature(layer.id, chosen.id).catch(() => null);
  if (state.get("selection")?.id !== chosen.id) return;
  box.hidden = !f;
  if (!f) return;
  const only = () => {
    find.value = f.properties.parcel_code ?? f.id;
    find.dispatchEvent(new Event("input"));
  };
  const facts = columns.slice(1, 6).map((c) => [c, c.of(f)]).filter(([, v]) => v !== null && v !== undefined && v !== "");
  fill(box, h("span.cap", {}, t("table.picked")), h("strong", {}, name({ ...f.properties, id: f.id })),
    h("span.soft.clip.grow", {}, facts.map(([c, v], i) => [i ? " · " : "", c.num ? `${c.label} ` : "", c.show ? c.show(v, f) : String(v)])),
    button("quiet small", t("table.only"), { "data-act": "only", onclick: only }));
}
