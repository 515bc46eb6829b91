/** Logging in with a token. The page never keeps it: the service sets a cookie. */
import { login, logout } from "../catalogue.js";
import { button, h } from "../dom.js";
import { errorText, t } from "../i18n.js";
import { state } from "../state.js";
import { openDialog } from "./dialog.js";

export function openLogin() {
  if (state.get("session").principal) openAccount();
  else openForm();
}

function openForm() {
  const oidc = state.get("session").login?.oidc;
  const input = h("input.input", { type: "password", autocomplete: "off", id: "token", required: true, name: "token" });
  const problem = h("p.field-error", { role: "alert" });
  const submit = button("primary", t("login.do"), { type: "submit" });
  const form = h("form.stack", {
    onsubmit: async (event) => {
      event.preventDefault();
      submit.disabled = true;
      problem.textContent = "";
      try {
        await login(input.value.trim());
        close();
      } catch (error) {
        problem.textContent = errorText(error);
        input.setAttribute("aria-invalid", "true");
      } finally {
        submit.disabled = false;
      }
    },
  }, h("p.soft", {}, t("login.say")), h("div.field", {}, h("label", { for: "token" }, t("login.token")), input), problem,
  h("div.row", {}, submit, oidc && h("a.btn.secondary", { href: oidc }, t("login.oidc"))));
  const { close } = openDialog({ title: t("login.title"), body: form });
  input.focus();
}

function openAccount() {
  const { principal } = state.get("session");
  const out = button("secondary", t("login.out"), { onclick: async () => { await logout(); close(); } });
  const body = h("div.stack", {}, h("p.strong", {}, principal.name), h("p.soft", {}, t(`role.${principal.role}`)), h("div.row", {}, out));
  const { close } = openDialog({ title: t("login.as", { name: principal.name, role: t(`role.${principal.role}`) }), body });
}
