/** A square of hatching to be repeated. Drawn on the page or beside it. */
const drawn = new Map();

/** A canvas that needs no page where there is none. */
export function newCanvas(size) {
  if (typeof document === "undefined") return new OffscreenCanvas(size, size);
  return Object.assign(document.createElement("canvas"), { width: size, height: size });
}

export function drawHatch(colour, pitch, width, down, ratio) {
  const key = `${colour}|${pitch}|${width}|${down}|${ratio}`;
  if (!drawn.has(key)) drawn.set(key, draw(colour, pitch, width, down, ratio));
  return drawn.get(key);
}

function draw(colour, pitch, width, down, ratio) {
  const size = Math.round(pitch * Math.SQRT2 * 4) / 4;
  const tile = newCanvas(Math.round(size * ratio));
  const ctx = tile.getContext("2d");
  const s = tile.width;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width * ratio;
  ctx.beginPath();
  for (const k of [-1, 0, 1]) {
    if (down) { ctx.moveTo(k * s, 0); ctx.lineTo(k * s + s, s); } else { ctx.moveTo(k * s, s); ctx.lineTo(k * s + s, 0); }
  }
  ctx.stroke();
  return tile;
}
