/** Who may do what: everyone's tokens for administrators, one's own for everyone. A token's text is shown once. */
import * as api from "../api.js";
import { collection, may } from "../catalogue.js";
import { button, fill, h, keepFocus } from "../dom.js";
import { day, errorText, joined, moment, t, title } from "../i18n.js";
import { state } from "../state.js";
import { addToken, changeToken } from "./account-dialogs.js";
import { empty, failure, segmented, skeleton } from "./controls.js";
import { openLogin } from "./login.js";
import { goTo } from "./topbar.js";

const COLUMNS = ["accounts.name", "accounts.role", "accounts.layers", "accounts.until", "accounts.seen", "accounts.state"];
const isOver = ({ expires }) => Boolean(expires) && new Date(expires) <= new Date();

function standing(one) {
  if (one.disabled) return h("span.chip.bad", {}, t("accounts.disabled"));
  if (isOver(one)) return h("span.chip.ind", {}, t("accounts.over"));
  return one.sessions ? h("span.chip.ok", {}, t("accounts.here", { n: one.sessions })) : h("span.cap", {}, t("accounts.enabled"));
}

function row(one, own, again) {
  const what = [one.name, one.label].filter(Boolean).join(" · ");
  const layers = one.layers ? joined(one.layers.map((id) => title(collection(id) ?? { id }))) : t("accounts.every");
  const change = one.login === "oidc" ? "accounts.end" : own ? "accounts.revoke" : "accounts.change";
  const cells = [t(`role.${one.role}`), layers, one.expires ? day(one.expires) : t("accounts.open"), one.last_login ? moment(one.last_login) : "—", standing(one)];
  return h("tr", { "data-token": one.id ?? one.name }, h("th", { scope: "row" }, own ? one.label : what, one.login === "oidc" && h("span.cap.year", {}, t("accounts.oidc"))),
    cells.map((cell) => h("td", {}, cell)),
    h("td", {}, button(own || one.login === "oidc" ? "danger small" : "secondary small", t(change), { "aria-label": `${t(change)} · ${what}`, onclick: () => changeToken(one, { own, again }) })));
}

function table(list, own, again) {
  const head = COLUMNS.map((key) => h("th", { scope: "col" }, t(key)));
  return h(`table.data.accounts${own ? ".is-own" : ""}`, {}, h("caption.sr", {}, t(own ? "accounts.own" : "accounts.all")),
    h("thead", {}, h("tr", {}, head, h("th", { scope: "col" }, h("span.sr", {}, t("accounts.act"))))), h("tbody", {}, list.map((one) => row(one, own, again))));
}

/** Whom the organisation's login vouches for: here while they are logged in. */
function guests(sessions) {
  const found = new Map();
  for (const one of sessions.filter(({ login }) => login === "oidc")) {
    const known = found.get(one.name) ?? { ...one, id: null, layers: null, expires: null, last_login: one.opened, ids: [], sessions: 0 };
    known.ids.push(one.id);
    known.sessions += 1;
    found.set(one.name, known);
  }
  return [...found.values()];
}

async function everyone() {
  const [{ tokens }, { sessions }] = await Promise.all([api.get("tokens"), api.get("sessions")]);
  return [...tokens.map((one) => ({ ...one, ids: sessions.filter((s) => s.token === one.id).map((s) => s.id) })), ...guests(sessions)];
}

function locked(host) {
  const action = button("primary", t("login.title"), { onclick: openLogin });
  fill(host, h("div.page-panel.left.panel.list-panel", { "data-covers": "left" }, h("div.panel-head", {}, h("h2", {}, t("accounts.title"))), h("div.panel-body", {}, empty(t("accounts.login"), { iconName: "key", action }))));
  return null;
}

export function accountsPage(host) {
  if (!may("viewer")) return locked(host);
  let live = true;
  const own = !may("admin") || state.get("placeId") === "own";
  const body = h("div.card.table-card.scroll", { tabindex: "0", role: "region", "aria-label": t(own ? "accounts.own" : "accounts.all") }, skeleton(6));
  const load = async () => {
    try {
      const list = own ? (await api.get("session/tokens")).tokens : await everyone();
      if (live) keepFocus(body, () => fill(body, list.length ? table(list, own, load) : empty(t("accounts.none"), { iconName: "key" })));
    } catch (error) {
      if (live && !api.isAbort(error)) fill(body, failure(errorText(error), load, t("action.retry")));
    }
  };
  const which = may("admin") ? segmented({ label: t("accounts.title"), value: own ? "own" : "all", options: [["all", t("accounts.all")], ["own", t("accounts.own")]], change: (id) => goTo("accounts", id === "own" ? id : null) }) : h("h2", {}, t("accounts.own"));
  fill(host, h("div.indicators-page", {}, h("div.row.wrap.indicator-bar.accounts-bar", {}, which, h("p.cap.grow", {}, t(own ? "accounts.own.say" : "accounts.all.say")),
    button("primary", t(own ? "accounts.make" : "accounts.add"), { "data-act": "add", onclick: () => addToken({ own, again: load }) }, "plus")), body));
  load();
  return () => { live = false; };
}
