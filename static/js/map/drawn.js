/** Canvases that show what was drawn beside the page. One that is drawn on itself is copied for every frame of the page, changed or not, where there is no graphics card. */
const able = typeof OffscreenCanvas === "function" && typeof ImageBitmapRenderingContext === "function";

/** Draw so many pixels anew, by a function of a context; `options` say how the canvas is to be. */
export function drawOn(canvas, { width, height, ...options }, paint) {
  const sheet = able ? new OffscreenCanvas(width, height) : canvas;
  Object.assign(canvas, { width, height });
  paint(sheet.getContext("2d", options));
  if (able) show(canvas, sheet.transferToImageBitmap(), options);
}

/** A picture becomes what the canvas shows, without being copied. */
export function show(canvas, picture, options = {}) {
  if (canvas.width !== picture.width) canvas.width = picture.width;
  if (canvas.height !== picture.height) canvas.height = picture.height;
  canvas.getContext("bitmaprenderer", options).transferFromImageBitmap(picture);
}
