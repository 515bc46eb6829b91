/** The map as one picture for paper: what its canvases show, in the order of their panes. */
const order = (element) => Number(getComputedStyle(element.closest(".leaflet-pane:not(.leaflet-map-pane, .leaflet-tile-pane)") ?? element).zIndex) || 0;

function compose(picture, box) {
  const frame = box.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  picture.width = frame.width * ratio;
  picture.height = frame.height * ratio;
  const ctx = picture.getContext("2d");
  ctx.scale(ratio, ratio);
  const parts = [...box.querySelectorAll(".leaflet-map-pane canvas, .leaflet-map-pane img.leaflet-tile-loaded")].filter((part) => part.width && part.getClientRects().length);
  for (const part of parts.sort((a, b) => order(a) - order(b))) {
    const r = part.getBoundingClientRect();
    ctx.drawImage(part, r.left - frame.left, r.top - frame.top, r.width, r.height);
  }
}

/** Paper does not wait for the next frame: everything is painted anew, then put together. */
export function followPaper(map, scenes) {
  const now = () => {
    Object.values(scenes).forEach((scene) => scene._map && scene._update());
    const picture = document.getElementById("paper-map");
    if (picture) compose(picture, map.getContainer());
  };
  window.addEventListener("beforeprint", () => queueMicrotask(() => queueMicrotask(now)));
}
