/** The view as a link, pinned to its versions or following them, and as a frame for somebody else's page. */
import { button, h } from "../dom.js";
import { t } from "../i18n.js";
import { partnerOf } from "../lib/embed-messages.js";
import { state } from "../state.js";
import { address, shapeText } from "../url.js";
import { segmented } from "./controls.js";
import { openDialog } from "./dialog.js";
import { icon } from "./icons.js";
import { toast } from "./toast.js";

const SIZES = [["640x480", "640 × 480"], ["800x500", "800 × 500"], ["100%x560", "100% × 560"]];
const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

const linkOf = ({ pinned }) => location.origin + address({ pinned, following: !pinned });

/** What is put into another page: the same view, the map alone. */
function frameOf({ pinned, size, partner }) {
  const [width, height] = size.split("x");
  const source = location.origin + address({ pinned, following: !pinned, embedded: true, partner });
  return `<iframe src="${quoted(source)}" width="${width}" height="${height}" style="border:0" loading="lazy" referrerpolicy="origin" title="${quoted(t("app.name"))}"></iframe>`;
}

/** The one site that the frame talks to; without one, whichever shows it. */
function partnerField(choose) {
  const problem = h("p.field-error", { role: "alert", id: "share-partner-error" });
  const control = h("input.input", { type: "url", id: "share-partner", placeholder: "https://", autocomplete: "off", spellcheck: false, "aria-describedby": problem.id, oninput: () => {
    const text = control.value.trim();
    const origin = text ? partnerOf({ asked: text }) : null;
    problem.textContent = text && !origin ? t("share.partner.bad") : "";
    choose(origin);
  } });
  return [h("label.strong", { for: control.id }, t("share.partner")), control, h("p.cap", {}, t("share.partner.say")), problem];
}

async function copy(control, said) {
  control.select();
  const done = await navigator.clipboard?.writeText(control.value).then(() => true).catch(() => false);
  toast(t(done ? said : "share.select"));
}

/** A drawn shape that the link cannot hold: said before somebody sends it. */
function leftOut() {
  const drawn = state.get("drawn");
  if (!drawn || (!state.get("fromFile") && shapeText(drawn))) return null;
  return h("p.ind-note", { "data-note": "shape" }, t(state.get("fromFile") ? "draw.link.file" : "draw.link.long"));
}

export function openShare() {
  const choice = { pinned: true, size: "800x500" };
  const link = h("input.input.mono", { type: "text", id: "share-link", readOnly: true });
  const frame = h("textarea.input.mono", { id: "share-frame", rows: 5, readOnly: true });
  const say = h("p.cap", { role: "status" });
  const update = () => {
    link.value = linkOf(choice);
    frame.value = frameOf(choice);
    say.textContent = t(choice.pinned ? "share.pinned.say" : "share.follow.say");
  };
  const part = (label, control, end) => h("div.field", {}, h("div.row.between", {}, h("label.strong", { for: control.id }, label), end), control);
  const body = h("div.stack", {}, leftOut(),
    segmented({ label: t("share.versions"), value: "pinned", options: [["pinned", t("share.pinned")], ["follow", t("share.follow")]], change: (v) => { choice.pinned = v === "pinned"; update(); } }), say,
    part(t("share.link"), link), button("primary", t("inspect.copy"), { "data-act": "copy-link", onclick: () => copy(link, "inspect.copied") }, "copy"),
    h("hr.rule"),
    part(t("share.frame"), frame, segmented({ label: t("image.size"), small: true, value: choice.size, options: SIZES, change: (v) => { choice.size = v; update(); } })),
    h("div.field", {}, partnerField((partner) => { choice.partner = partner; update(); })),
    h("p.cap", {}, t("share.frame.say")),
    h("div.row.wrap", {}, button("secondary", t("share.copyFrame"), { "data-act": "copy-frame", onclick: () => copy(frame, "share.frameCopied") }, "copy"),
      h("a.btn.quiet", { target: "_blank", rel: "noopener", href: address({ pinned: true, embedded: true }) }, icon("share"), h("span", {}, t("share.try")))));
  update();
  openDialog({ title: t("action.share"), body, wide: true });
}
