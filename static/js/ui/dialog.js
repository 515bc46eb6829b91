/** Dialogs: the platform's own, titled, closable, focus returned. */
import { h, iconButton } from "../dom.js";
import { t } from "../i18n.js";

export function openDialog({ title, body, foot = null, wide = false }) {
  const box = h(`dialog.dialog${wide ? ".wide" : ""}`, { "aria-label": title });
  const close = () => box.close();
  box.append(
    h("div.panel-head", {}, h("h2.grow", {}, title), iconButton("close", t("inspect.close"), { onclick: close })),
    h("div.dialog-body.scroll", {}, body));
  if (foot) box.append(h("div.panel-foot", {}, foot));
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => { if (event.target === box) close(); });
  document.body.append(box);
  box.showModal();
  return { box, close };
}
