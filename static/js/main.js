/** The wiring: who is made, and what happens first. Nothing else. */
import { followBands } from "./bands.js";
import { askCatalogue, loadCatalogue, loadSession } from "./catalogue.js";
import { followReturn } from "./features.js";
import { beginEarly } from "./map/begin.js";
import { createMap } from "./map/map.js";
import { state } from "./state.js";
import { followState, readAddress } from "./url.js";
import { followAppearance } from "./ui/appearance.js";
import { mountBanner } from "./ui/banner.js";
import { mountDrop } from "./ui/drop-file.js";
import { mountEmbed } from "./ui/embed.js";
import { mountCompare } from "./ui/compare.js";
import { mountDrawer } from "./ui/drawer.js";
import { mountInspector } from "./ui/inspector.js";
import { mountKeys } from "./ui/keys.js";
import { mountJobs } from "./ui/jobs.js";
import { followLogin } from "./ui/login.js";
import { mountLayers } from "./ui/layer-panel.js";
import { mountMapNote } from "./ui/map-note.js";
import { mountPaper } from "./ui/paper.js";
import { mountPages } from "./ui/pages.js";
import { mountSearch } from "./ui/search.js";
import { mountChips } from "./ui/chips.js";
import { mountSwipe } from "./ui/swipe-panel.js";
import { mountTabbar } from "./ui/tabbar.js";
import { mountTimeBar } from "./ui/time-bar.js";
import { mountToolbar } from "./ui/toolbar.js";
import { mountFocusReturn } from "./ui/focus-return.js";
import { mountHighlight } from "./ui/highlight-pill.js";
import { mountTopbar } from "./ui/topbar.js";
import { mountZoom } from "./ui/zoom.js";
import { connectMap } from "./map/answers.js";

const { lang, theme } = document.documentElement.dataset;
state.set({ lang, theme, ...readAddress() });
askCatalogue();
followAppearance();
followLogin();
followReturn();
followBands();
beginEarly();
const breath = () => new Promise((go) => { setTimeout(go); }); // the browser paints what is there, and hears the keys
for (const mount of [
  mountTopbar, mountSearch, mountChips, mountLayers, mountToolbar, mountZoom, mountMapNote, mountPaper,
  mountInspector, mountDrawer, mountPages, mountTabbar, mountSwipe, mountBanner, mountKeys, mountEmbed, mountCompare, mountDrop, mountTimeBar, mountHighlight, mountJobs, mountFocusReturn,
]) mount();

await breath();
const map = await createMap(document.getElementById("map"), breath);
connectMap(map);
followState();

await breath();
const failed = (error) => state.set({ failure: error });
loadCatalogue().catch(failed);
loadSession().catch(() => {});

const quiet = window.requestIdleCallback ?? ((act) => setTimeout(act, 2000));
if (!state.get("embedded")) state.on("catalogue", () => quiet(() => import("./offline.js").then(({ keepForLater }) => keepForLater()).catch(() => {})));
