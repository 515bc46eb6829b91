/** The map as one picture for paper. */
import { flatten } from "./flat.js";

function compose(picture, box) {
  const frame = box.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  picture.width = frame.width * ratio;
  picture.height = frame.height * ratio;
  const ctx = picture.getContext("2d");
  ctx.scale(ratio, ratio);
  flatten(ctx, box);
}

/** Paper does not wait for the next frame: everything is painted anew, then put together. */
export function followPaper(map, scenes) {
  const now = () => {
    Object.values(scenes).forEach((scene) => scene._map && scene.drawNow());
    const picture = document.getElementById("paper-map");
    if (picture) compose(picture, map.getContainer());
  };
  window.addEventListener("beforeprint", () => queueMicrotask(() => queueMicrotask(now)));
}
