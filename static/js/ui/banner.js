/** One line under the bar when the page cannot show all it should. */
import { collection, loadCatalogue } from "../catalogue.js";
import { byId, fill, h, iconButton } from "../dom.js";
import { day, errorText, joined, t, title } from "../i18n.js";
import { followNewer, passNewer, showNewer } from "../newer.js";
import { followOutage, look } from "../outage.js";
import { state } from "../state.js";
import { unknownKeys } from "../url.js";
import { lookBack } from "../versions.js";
import { icon } from "./icons.js";
import { openAgain } from "./login.js";
import { toast } from "./toast.js";

const retry = () => {
  state.set({ failure: null });
  loadCatalogue().catch((error) => state.set({ failure: error }));
};
/** What was published meanwhile; of what is pinned, that it stays. */
function newerSays() {
  const ids = state.get("newer").map(({ id }) => id);
  const pinned = ids.map((id) => state.get("pinned")[id]).filter(Boolean);
  return [t("newer.says", { names: joined(ids.map((id) => title(collection(id)))) }), pinned.length > 0 && t("newer.pinned", { n: joined(pinned) })].filter(Boolean).join(" ");
}

/** Nothing had been published at the moment looked back to. */
function beforeAll() {
  const { asOf, versionsThen, catalogue } = { asOf: state.get("asOf"), versionsThen: state.get("versionsThen"), catalogue: state.get("catalogue") };
  if (!asOf || !versionsThen || !catalogue || Object.keys(versionsThen).length) return null;
  return [...catalogue.collections.values()].map((c) => c.first_published_at ?? c.published_at).filter(Boolean).sort()[0] ?? null;
}

const missingSays = () => joined(state.get("versionsMissing").map(([id, n]) => `${title(collection(id) ?? { id })} ${t("version.n", { n })}`));

const never = () => state.get("failure") && retry(); // nothing could be shown without it

export function mountBanner() {
  const bar = byId("banner");
  let dismissed = false;
  followOutage();
  followNewer();
  state.on("back", never);
  const dismiss = () => { dismissed = true; render(); };
  const says = () => {
    const failure = state.get("failure");
    const unknown = unknownKeys();
    if (failure) return [`${t("map.failed")} ${errorText(failure)}`, retry, "action.retry"];
    if (state.get("offline")) return [t("map.offline"), look, "action.retry"];
    if (state.get("ended")) return [t("login.ended"), openAgain, "login.do"];
    const first = beforeAll();
    if (first) return [t("time.early.published", { d: day(first) }), () => lookBack(first), "time.first"];
    if (state.get("newer").length) return [newerSays(), () => showNewer().catch((error) => toast(errorText(error))), "newer.show", passNewer];
    if (state.get("slow")) return [t("map.slow")];
    if (state.get("versionsMissing").length && !dismissed) return [t("error.version", { what: missingSays() }), dismiss, "inspect.close"];
    return unknown.length && !dismissed ? [t("error.page", { what: joined(unknown) }), dismiss, "inspect.close"] : null;
  };
  const render = () => {
    const said = says();
    bar.hidden = !said;
    if (!said) return;
    requestAnimationFrame(() => document.body.style.setProperty("--banner", `${bar.offsetHeight}px`));
    const [text, act, label, pass] = said;
    fill(bar, icon("warning"), h("span.grow", {}, text), act && h("button.btn.quiet.small", { type: "button", onclick: act }, t(label)), pass && iconButton("close", t("inspect.close"), { onclick: pass }));
  };
  state.on("failure offline ended slow lang newer pinned versionsMissing asOf versionsThen catalogue", render);
  render();
}
