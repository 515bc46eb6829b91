/** What is sent, to which layer, and what is known about it. */
import * as api from "../api.js";
import { button, h } from "../dom.js";
import { errorText, t, title } from "../i18n.js";
import { bytes } from "../lib/format.js";
import { state } from "../state.js";
import { field, meter, select, toggle } from "./controls.js";
import { icon } from "./icons.js";

const CRS = ["EPSG:4547", "EPSG:4526", "EPSG:4490", "EPSG:4326", "EPSG:3857"];
const ENCODINGS = ["GB18030", "UTF-8", "Big5"];
const EVIDENCE = ["official", "surveyed", "digitised", "derived", "indicative"];
const SHOWN = 6; // names of files sent together
const WAIT_S = 2; // a check that takes longer is followed on its own page
const ACCEPT = ".zip,.shp,.shx,.dbf,.prj,.cpg,.geojson,.json,.gpkg,.dxf,.kml,.kmz,.ovkml,.ovkmz,.csv,.txt,.xlsx,.xls,.fgb,.gml";

function dropZone(input) {
  const said = h("span.drop-name", {}, t("upload.drop"));
  const zone = h("label.drop", {}, icon("upload", true), said, h("span.cap", {}, t("upload.formats")), input);
  const show = () => {
    const files = [...input.files];
    const names = files.slice(0, SHOWN).map((f) => f.name).join(", ") + (files.length > SHOWN ? ` … (${files.length})` : "");
    said.textContent = files.length ? `${names} · ${bytes(files.reduce((sum, f) => sum + f.size, 0))}` : t("upload.drop");
    zone.classList.toggle("has-file", files.length > 0);
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (e) => { e.preventDefault(); zone.classList.add("is-over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  return zone;
}

const auto = (list, key) => [["", t(key)], ...list.map((v) => [v, v])];
const text = (name, props = {}) => h("input.input", { type: "text", name, placeholder: t("upload.optional"), ...props });

function form(input, layers) {
  const start = [...layers].find((c) => c.id === "parcels") ?? layers[0];
  return [
    dropZone(input),
    select({ label: t("upload.layer"), name: "layer", value: start.id, options: layers.map((c) => [c.id, title(c)]) }),
    h("div.pair", {}, select({ label: t("upload.crs"), name: "crs", options: auto(CRS, "upload.crs.auto") }),
      select({ label: t("upload.encoding"), name: "encoding", options: auto(ENCODINGS, "upload.encoding.auto") })),
    select({ label: t("upload.mode"), name: "mode", options: ["upsert", "append", "replace"].map((m) => [m, t(`upload.mode.${m}`)]) }),
    toggle({ label: t("upload.repair"), help: t("upload.repair.help"), checked: false, name: "repair" }),
    h("div.pair", {}, select({ label: t("upload.evidence"), name: "evidence", options: [["", t("upload.optional")], ...EVIDENCE.map((e) => [e, t(`evidence.${e}`)])] }),
      field({ label: t("upload.accuracy"), control: text("accuracy_m", { type: "number", min: "0", step: "any" }) })),
    h("div.pair", {}, field({ label: t("upload.source"), control: text("source_title") }), field({ label: t("upload.ref"), control: text("source_ref") })),
  ];
}

function payload(element) {
  const data = new FormData(element);
  for (const [key, value] of [...data.entries()]) if (value === "") data.delete(key);
  data.set("repair", element.elements.repair.checked ? "true" : "false");
  return data;
}

/** What was chosen stays when the page is drawn anew, for another language or after a publication; not for somebody else. */
let draft = null;
const who = () => state.get("session").principal?.name;

/** A file chosen in a form that has been drawn anew meanwhile (its dialog stood open) belongs to the new one. */
function keepDraft(element, input) {
  draft = { who: who(), files: [...input.files], values: [...new FormData(element)].filter(([key]) => key !== "file") };
  if (!element.isConnected && state.get("place") === "uploads") state.announce("placeId");
}

function takeUpDraft(element, input) {
  if (draft?.who !== who()) draft = null;
  if (!draft) return;
  for (const [key, value] of draft.values) {
    const control = element.elements[key];
    if (control?.type === "checkbox") control.checked = true;
    else if (control) control.value = value;
  }
  if (!draft.files.length) return;
  const held = new DataTransfer();
  draft.files.forEach((file) => held.items.add(file));
  input.files = held.files;
  input.dispatchEvent(new Event("change"));
}

let answering = null; // the returned upload that the next file stands for

export const answerWith = (upload) => {
  answering = upload;
  if (upload) draft = { who: who(), files: [], values: Object.entries({ layer: upload.layer, mode: upload.options?.mode ?? "upsert" }) };
};
export const answered = () => answering?.returned.changeset ?? null;

const answerNote = () => answering && h("p.ind-note.row", {}, h("span.grow", {}, t("meet.instead", { name: answering.filename })),
  button("quiet small", t("action.cancel"), { onclick: (event) => { answering = null; event.currentTarget.parentElement.remove(); } }));

/** A file that was changed or moved since it was chosen can no longer be read. */
const isReadable = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

async function sendFile(element, input, options) {
  const files = [...input.files];
  const readable = await Promise.all(files.map(isReadable));
  if (readable.every(Boolean)) return api.sendForm("uploads", payload(element), options);
  input.value = "";
  input.dispatchEvent(new Event("change", { bubbles: true }));
  throw new api.ApiError(0, { title: t("upload.moved", { name: files[readable.indexOf(false)].name }) });
}

export function uploadForm(done) {
  const layers = [...state.get("catalogue").collections.values()];
  const input = h("input.sr", { type: "file", name: "file", accept: ACCEPT, multiple: true, required: true, id: "upload-file" });
  const problem = h("div.field-error", { role: "alert" });
  const send = button("primary", t("upload.send"), { type: "submit" }, "upload");
  const going = sending();
  const element = h("form.upload-form", {
    onsubmit: async (event) => {
      event.preventDefault();
      problem.replaceChildren();
      send.setAttribute("aria-busy", "true");
      send.disabled = true;
      try {
        const upload = await sendFile(element, input, going.start());
        draft = null;
        done(upload);
      } catch (error) {
        if (!api.isAbort(error)) refuse(problem, error);
      } finally {
        going.end();
        send.disabled = false;
        send.removeAttribute("aria-busy");
      }
    },
  }, h("div.panel-head.tall", {}, h("div", {}, h("h2", {}, t("upload.title")), h("p.cap", {}, t("upload.lead")))),
  h("div.panel-body.scroll.form-body", {}, answerNote(), form(input, layers), problem), h("div.panel-foot.stacked", {}, going.node, h("div.row", {}, h("span.grow"), send)));
  element.addEventListener("input", () => keepDraft(element, input));
  element.addEventListener("change", () => keepDraft(element, input));
  takeUpDraft(element, input);
  return element;
}

/** How much of the file has gone, and the way to stop it. A page that is left stops it too: it asks first. */
function sending() {
  const words = h("span.cap.grow", { role: "status" });
  const bar = meter(t("upload.sending"));
  let stop = null;
  const node = h("div.sending", { hidden: true }, h("div.row", {}, words, button("quiet small", t("action.cancel"), { onclick: () => stop?.abort() })), bar.node);
  const leave = (event) => event.preventDefault();
  const progress = (gone, whole) => {
    words.textContent = gone < whole ? t("upload.sent", { gone: bytes(gone), whole: bytes(whole) }) : t("upload.received");
    bar.show(gone < whole ? gone / whole : null);
  };
  return {
    node,
    start() {
      stop = new AbortController();
      node.hidden = false;
      words.textContent = t("upload.sending");
      bar.show(null);
      window.addEventListener("beforeunload", leave);
      return { progress, signal: stop.signal, headers: { Prefer: `wait=${WAIT_S}` } };
    },
    end() {
      node.hidden = true;
      window.removeEventListener("beforeunload", leave);
    },
  };
}

function refuse(box, error) {
  const lang = state.get("lang");
  box.append(h("p", {}, errorText(error)));
  for (const p of error.problem?.problems ?? []) {
    box.append(h("p.cap", {}, (lang === "zh" ? p.message_zh : p.message) ?? ""));
  }
}
