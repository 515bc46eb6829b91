/** The phone's bottom sheet: three heights, by drag or by its handle. */
import { h } from "../dom.js";
import { t } from "../i18n.js";

const SNAPS = ["peek", "half", "full"];
let snap = "half";

function set(panel, next) {
  snap = next;
  panel.dataset.snap = next;
}

export function openSheet(panel, at = "half") {
  set(panel, at);
}

/** A button by key and by tap, a handle by drag. */
export function sheetHandle() {
  const handle = h("button.sheet-handle", { type: "button", "aria-label": t("phone.handle") }, h("span"));
  let from = null;
  let dragged = false;
  const panelOf = () => handle.parentElement;
  handle.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointerup", (event) => {
    const moved = from === null ? 0 : event.clientY - from;
    from = null;
    const at = SNAPS.indexOf(snap);
    dragged = Math.abs(moved) > 30;
    if (dragged) set(panelOf(), SNAPS[Math.max(0, Math.min(2, at + (moved < 0 ? 1 : -1)))]);
  });
  handle.addEventListener("click", () => {
    if (!dragged) set(panelOf(), SNAPS[(SNAPS.indexOf(snap) + 1) % 3]);
    dragged = false;
  });
  return handle;
}
