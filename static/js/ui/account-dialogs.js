/** What is done with a token: made, changed, renewed, ended; each asked once, and told where it was asked. */
import * as api from "../api.js";
import { may } from "../catalogue.js";
import { button, fill, h } from "../dom.js";
import { errorText, t, title } from "../i18n.js";
import { state } from "../state.js";
import { field, select, uid } from "./controls.js";
import { openDialog } from "./dialog.js";
import { toast } from "./toast.js";

const ROLES = ["viewer", "editor", "reviewer", "admin"];
const DAY_MS = 86_400_000;
const LONGEST_DAYS = 365;
const dayIn = (days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const DOWNLOADS = { auto: null, yes: true, no: false };
const downloadKey = (value) => Object.keys(DOWNLOADS).find((key) => DOWNLOADS[key] === (value ?? null));

/** The layers that a token covers: all, or those ticked. */
function layerChoice(chosen, mine) {
  const known = [...state.get("catalogue").collections.values()].filter(({ id }) => !mine || mine.includes(id));
  const boxes = known.map((c) => {
    const box = h("input", { type: "checkbox", value: c.id });
    box.checked = Boolean(chosen?.includes(c.id));
    return h("label.row", {}, box, h("span", {}, title(c)));
  });
  const list = h("fieldset.layer-ticks", {}, h("legend.sr", {}, t("accounts.layers")), boxes);
  const follow = (which) => { list.hidden = which === "all"; };
  const pick = select({ label: t("accounts.layers"), name: "which", value: chosen ? "some" : "all", options: [["all", t("accounts.every")], ["some", t("accounts.some")]], change: follow });
  follow(chosen ? "some" : "all");
  const value = () => (list.hidden ? null : [...list.querySelectorAll(":checked")].map((box) => box.value));
  return { node: h("div.stack", {}, pick, list), value };
}

/** The rights of a token as a form: role, layers, end, downloads. */
function rights({ one = null, own }) {
  const { principal } = state.get("session");
  const roles = own ? ROLES.filter((role) => may(role)) : ROLES;
  const end = h("input.input", { type: "date", name: "expires", min: dayIn(1), max: own ? dayIn(LONGEST_DAYS) : null, required: own });
  end.value = one?.expires?.slice(0, 10) ?? (own ? dayIn(90) : "");
  const layers = layerChoice(one?.layers, own ? principal.layers : null);
  const download = !own && select({ label: t("accounts.download"), name: "download", value: downloadKey(one?.download), options: Object.keys(DOWNLOADS).map((key) => [key, t(`accounts.download.${key}`)]) });
  const role = select({ label: t("accounts.role"), name: "role", value: one?.role ?? "viewer", options: roles.map((key) => [key, t(`role.${key}`)]), change: (value) => { layers.node.hidden = value === "admin"; } });
  layers.node.hidden = one?.role === "admin";
  const chosen = (box) => box.querySelector("select").value;
  const value = () => ({
    role: chosen(role), layers: layers.node.hidden ? null : layers.value(),
    expires: end.value ? new Date(`${end.value}T23:59:59`).toISOString() : null,
    ...(own ? {} : { download: DOWNLOADS[chosen(download)] }),
  });
  return { nodes: [role, layers.node, field({ label: t("accounts.until"), control: end, help: t(own ? "accounts.until.own" : "accounts.until.say") }), download], value };
}

/** The only time that a token's text can be read. */
function showOnce({ token, name, label }) {
  const text = h("input.input.mono", { type: "text", readOnly: true, id: "new-token", "aria-label": t("login.token") });
  text.value = token;
  const copy = async () => {
    text.select();
    const done = await navigator.clipboard?.writeText(token).then(() => true).catch(() => false);
    toast(t(done ? "accounts.copied" : "share.select"));
  };
  const body = h("div.stack", {}, h("p", {}, t("accounts.once", { name: label ?? name })), text, h("div.row", {}, button("primary", t("accounts.copy"), { onclick: copy }, "copy")));
  openDialog({ title: t("accounts.new"), body });
  text.select();
}

/** Sends a form, or says beside it why not. */
function sender(problem, act) {
  return async (event) => {
    event.preventDefault();
    const pressed = event.submitter ?? event.currentTarget;
    pressed.disabled = true;
    problem.textContent = "";
    try {
      await act();
    } catch (error) {
      if (!api.isAbort(error)) problem.textContent = errorText(error);
    } finally {
      pressed.disabled = false;
    }
  };
}

const problemLine = () => h("p.field-error", { role: "alert" });

export function addToken({ own, again }) {
  const word = h("input.input", { type: "text", name: "name", required: true, maxLength: 120, autocomplete: "off" });
  const { nodes, value } = rights({ own });
  const problem = problemLine();
  const send = async () => {
    const made = await api.post(own ? "session/tokens" : "tokens", { [own ? "label" : "name"]: word.value.trim(), ...value() });
    dialog.close();
    showOnce(made);
    again();
  };
  const id = uid("add-token");
  const form = h("form.stack", { id, onsubmit: sender(problem, send) }, field({ label: t(own ? "accounts.label" : "accounts.name"), control: word, help: t(own ? "accounts.label.say" : "accounts.name.say") }), nodes, problem);
  const dialog = openDialog({ title: t(own ? "accounts.make" : "accounts.add"), body: form, foot: [h("span.grow"), button("secondary", t("action.cancel"), { onclick: () => dialog.close() }), button("primary", t(own ? "accounts.make" : "accounts.add"), { type: "submit", form: id })] });
  word.focus();
}

/** Asked once more before something ends. */
function sure({ say, does, act }) {
  const problem = problemLine();
  const done = async () => { await act(); dialog.close(); };
  const dialog = openDialog({ title: does, body: h("div.stack", {}, h("p", {}, say), problem),
    foot: [h("span.grow"), button("secondary", t("action.cancel"), { onclick: () => dialog.close() }), button("danger", does, { "data-act": "sure", onclick: sender(problem, done) })] });
}

const endAll = (ids) => Promise.all(ids.map((id) => api.remove(`sessions/${id}`)));

/** The ways to end something: what it takes with it is said before. */
function endings(one, { close, again }) {
  const name = one.label ?? one.name;
  const after = (act, said) => async () => { const made = await act(); close(); again(); toast(t(said, { name })); return made; };
  const ask = (what, act) => button(what === "renew" ? "secondary" : "danger", t(`accounts.${what}`), { "data-act": what, onclick: () => sure({ say: t(`accounts.say.${what}`, { name }), does: t(`accounts.${what}`), act }) });
  return h("section.stack", {}, h("h3", {}, t("accounts.more")), h("div.row.wrap", {},
    one.ids?.length > 0 && ask("end", after(() => endAll(one.ids), "accounts.ended")),
    !one.configured && !one.owner && ask("renew", async () => showOnce(await after(() => api.post(`tokens/${one.id}/renewal`), "accounts.renewed")())),
    one.disabled ? button("secondary", t("accounts.enable"), { "data-act": "enable", onclick: sender(problemLine(), after(() => api.patch(`tokens/${one.id}`, { disabled: false }), "accounts.changed")) })
      : ask("disable", after(() => api.patch(`tokens/${one.id}`, { disabled: true }), "accounts.changed")),
    ask("revoke", after(() => api.remove(`tokens/${one.id}`), "accounts.revoked"))));
}

export function changeToken(one, { own, again }) {
  const name = one.label ?? one.name;
  if (one.login === "oidc") return sure({ say: t("accounts.say.end", { name }), does: t("accounts.end"), act: async () => { await endAll(one.ids); again(); } });
  if (own) return sure({ say: t("accounts.say.revoke", { name }), does: t("accounts.revoke"), act: async () => { await api.remove(`session/tokens/${one.id}`); again(); } });
  const { nodes, value } = rights({ one, own: false });
  const problem = problemLine();
  const before = JSON.stringify(value());
  const send = async () => {
    const now = value();
    const was = JSON.parse(before);
    const changes = Object.fromEntries(Object.entries(now).filter(([key, v]) => JSON.stringify(v) !== JSON.stringify(was[key])));
    if (Object.keys(changes).length) await api.patch(`tokens/${one.id}`, changes);
    dialog.close();
    toast(t("accounts.changed", { name }));
    again();
  };
  const id = uid("change-token");
  const body = h("div.stack");
  const dialog = openDialog({ title: name, body, foot: [h("span.grow"), button("secondary", t("action.cancel"), { onclick: () => dialog.close() }), button("primary", t("accounts.save"), { type: "submit", form: id })] });
  fill(body, h("form.stack", { id, onsubmit: sender(problem, send) }, nodes, problem), h("hr.rule"), endings(one, { close: dialog.close, again }));
  return null;
}
