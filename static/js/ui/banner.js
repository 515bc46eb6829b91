/** One line under the bar when the page cannot show all it should. */
import { loadCatalogue } from "../catalogue.js";
import { byId, fill, h } from "../dom.js";
import { errorText, t } from "../i18n.js";
import { followOutage, look } from "../outage.js";
import { state } from "../state.js";
import { unknownKeys } from "../url.js";
import { icon } from "./icons.js";
import { openAgain } from "./login.js";

const retry = () => {
  state.set({ failure: null });
  loadCatalogue().catch((error) => state.set({ failure: error }));
};
const never = () => state.get("failure") && retry(); // nothing could be shown without it

export function mountBanner() {
  const bar = byId("banner");
  let dismissed = false;
  followOutage();
  state.on("back", never);
  const dismiss = () => { dismissed = true; render(); };
  const says = () => {
    const failure = state.get("failure");
    const unknown = unknownKeys();
    if (failure) return [`${t("map.failed")} ${errorText(failure)}`, retry, "action.retry"];
    if (state.get("offline")) return [t("map.offline"), look, "action.retry"];
    if (state.get("ended")) return [t("login.ended"), openAgain, "login.do"];
    if (state.get("slow")) return [t("map.slow")];
    return unknown.length && !dismissed ? [t("error.page", { what: unknown.join("、") }), dismiss, "inspect.close"] : null;
  };
  const render = () => {
    const said = says();
    bar.hidden = !said;
    if (!said) return;
    requestAnimationFrame(() => document.body.style.setProperty("--banner", `${bar.offsetHeight}px`));
    const [text, act, label] = said;
    fill(bar, icon("warning"), h("span.grow", {}, text), act && h("button.btn.quiet.small", { type: "button", onclick: act }, t(label)));
  };
  state.on("failure offline ended slow lang", render);
  render();
}
