/** Swipe: an older version of a layer on the left, the current one on the right. */
import * as api from "../api.js";
import { collection, isOn } from "../catalogue.js";
import { button, h } from "../dom.js";
import { day, errorText, t, title } from "../i18n.js";
import { state } from "../state.js";
import { select } from "./controls.js";
import { openDialog } from "./dialog.js";

async function versionsOf(id) {
  return (await api.get(`collections/${id}/versions`)).versions;
}

export async function openSwipe() {
  if (state.get("swipe")) {
    state.set({ swipe: null });
    return;
  }
  const layers = [...state.get("catalogue").collections.values()].filter((c) => isOn(c.id) && c.version > 1);
  const body = h("div.stack");
  const { close } = openDialog({ title: t("swipe.title"), body });
  if (!layers.length) {
    body.append(h("p.soft", {}, t("swipe.none")));
    return;
  }
  const choose = async (id) => {
    body.replaceChildren(layerField(), h("p.cap", {}, "…"));
    try {
      const older = (await versionsOf(id)).filter((v) => v.number !== collection(id).version);
      body.replaceChildren(layerField(id), ...older.map((v) => button("secondary", `${t("version.n", { n: v.number })} · ${day(v.published_at)}`, {
        onclick: () => { state.set({ swipe: { layer: id, version: v.number, x: 0.5 } }); close(); },
      })));
    } catch (error) {
      body.replaceChildren(layerField(id), h("p.field-error", {}, errorText(error)));
    }
  };
  const layerField = (value = layers[0].id) => select({
    label: t("stats.layer"), value, options: layers.map((c) => [c.id, title(c)]), change: choose,
  });
  choose(layers[0].id);
}
