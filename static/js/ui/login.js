/** Logging in with a token. The page never keeps it: the service sets a cookie. */
import * as api from "../api.js";
import { login, logout, may, resume } from "../catalogue.js";
import { button, h } from "../dom.js";
import { errorText, t } from "../i18n.js";
import { state } from "../state.js";
import { openDialog } from "./dialog.js";
import { toast } from "./toast.js";

export function openLogin() {
  if (state.get("ended")) openAgain();
  else if (state.get("session").principal) openAccount();
  else openForm();
}

/** The words, the field, the other way in; `enter(token)` throws what is wrong with it. */
function loginForm(say, enter, away = {}) {
  const oidc = state.get("session").login?.oidc;
  const input = h("input.input", { type: "password", autocomplete: "off", id: "token", required: true, name: "token" });
  const problem = h("p.field-error", { role: "alert", id: "token-problem" });
  const submit = button("primary", t("login.do"), { type: "submit" });
  const send = async (event) => {
    event.preventDefault();
    submit.disabled = true;
    problem.textContent = "";
    try {
      await enter(input.value.trim());
    } catch (error) {
      problem.textContent = errorText(error);
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", problem.id);
      input.focus();
    } finally {
      submit.disabled = false;
    }
  };
  return { input, node: h("form.stack", { onsubmit: send }, h("p.soft", {}, say), h("div.field", {}, h("label", { for: "token" }, t("login.token")), input), problem,
    h("div.row", {}, submit, oidc && h("a.btn.secondary", { href: oidc, ...away }, t("login.oidc")))) };
}

function openForm() {
  const { input, node } = loginForm(t("login.say"), async (token) => {
    await login(token);
    close();
  });
  const { close } = openDialog({ title: t("login.title"), body: node });
  input.focus();
}

let asking = null; // one dialog, however many requests wait for it

/** On top of whatever they were doing; true once the same person is logged in again. */
export function openAgain() {
  asking ??= askAgain().finally(() => { asking = null; });
  return asking;
}

function askAgain() {
  return new Promise((done) => {
    let result = false;
    const end = (same) => {
      result = same;
      if (!same) toast(t("login.other"));
      close();
    };
    const look = () => resume().then((same) => same !== null && end(same)).catch(() => {}); // logged in with another tab
    const { principal } = state.get("session");
    const { input, node } = loginForm(t("login.again.say", { name: principal.name }), async (token) => end(await resume(token)), { target: "_blank", rel: "opener" });
    const { box, close } = openDialog({ title: t("login.again"), body: node });
    window.addEventListener("focus", look);
    box.addEventListener("close", () => {
      window.removeEventListener("focus", look);
      if (!result && state.get("session").principal === principal) state.set({ ended: true });
      done(result);
    });
    input.focus();
  });
}

/** Was it that their login has ended? Then it is asked for, and the request is sent again. */
async function goOn(error, quiet) {
  if (!state.get("session").principal || (error.status === 403 && !error.problem.header)) return false;
  if (asking) return quiet ? false : asking;
  const same = await resume();
  if (same !== null) return same && error.status !== 404;
  if (!quiet) return openAgain();
  state.set({ ended: true });
  return false;
}

export const followLogin = () => api.onEnded(goOn);

function openAccount() {
  const { principal } = state.get("session");
  const problem = h("p.field-error", { role: "alert" });
  const end = (how) => logout(how).catch((error) => { problem.textContent = errorText(error); });
  const out = button("secondary", t("login.out"), { onclick: () => end() });
  const everywhere = button("quiet", t("login.everywhere"), { onclick: () => end({ everywhere: true }) });
  const manage = button("secondary", t(may("admin") ? "accounts.title" : "accounts.own"), { "data-act": "accounts", onclick: () => { close(); state.set({ place: "accounts", placeId: null, selection: null }); } }, "key");
  const body = h("div.stack", {}, h("p.strong", {}, principal.name), h("p.soft", {}, t(`role.${principal.role}`)), problem, h("div.row.wrap", {}, manage, out, everywhere));
  const { close } = openDialog({ title: t("login.account"), body });
}
