/** The way from a list of changes to the divider on the map, and to a link that holds both. */
import { button, fill, h } from "../dom.js";
import { dividing, proposal, swipeProposal } from "../divider.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { address } from "../url.js";
import { toast } from "./toast.js";

async function copyLink() {
  const done = await navigator.clipboard?.writeText(location.origin + address()).then(() => true).catch(() => false);
  toast(t(done ? "inspect.copied" : "share.select"));
}

/** Null where nothing stands before the changes: a correction against what was returned. */
export function swipeRow(diff) {
  if (!diff.base_version && diff.base_version !== 0) return null;
  const row = h("div.row.wrap.swipe-row");
  const render = () => {
    const on = Boolean(dividing());
    const held = row.contains(document.activeElement);
    fill(row, button("secondary", t(on ? "swipe.off" : "swipe.review"), { "data-act": "swipe-proposal", "aria-pressed": String(on), onclick: swipeProposal }, "swipe"),
      button("quiet", t("inspect.copy"), { "data-act": "copy-review", onclick: copyLink }, "copy"),
      on && !proposal().whole && h("p.cap.ind-note", { role: "status" }, t("swipe.zoom")));
    if (held) row.querySelector("button").focus();
  };
  let said = null;
  const stop = state.on("swipe work", () => {
    const now = `${Boolean(dividing())}/${proposal()?.whole}`;
    if (said && !row.isConnected) stop();
    else if (now !== said) render();
    said = now;
  });
  render();
  return row;
}
