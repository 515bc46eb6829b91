/** Beside the page: tiles come as bytes and leave as pictures, so that the page stays free to move. */
import { drawTile } from "./tile-hand.js";

const looks = new Map(); // layer and version -> what it looks like now

self.onmessage = ({ data: { job, look, ...tile } }) => {
  if (look) looks.set(tile.of, look);
  if (!job) return;
  try {
    const canvas = drawTile({ ...tile, look: looks.get(tile.of) });
    const picture = canvas?.transferToImageBitmap() ?? null;
    self.postMessage({ picture }, picture ? [picture] : []);
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
};
self.postMessage({ able: typeof OffscreenCanvas === "function" && Boolean(new OffscreenCanvas(1, 1).getContext("2d")) });
