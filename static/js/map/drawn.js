/** Canvases that show what was drawn beside the page. One that is drawn on itself is copied for every frame of the page, changed or not, where there is no graphics card. */
const able = typeof OffscreenCanvas === "function" && typeof ImageBitmapRenderingContext === "function";

/** Draw so many pixels anew, by a function of a context; `options` say how the canvas is to be. */
export function drawOn(canvas, { width, height, ...options }, paint) {
  const sheet = able ? new OffscreenCanvas(width, height) : canvas;
  Object.assign(canvas, { width, height });
  paint(sheet.getContext("2d", options));
  if (able) show(canvas, sheet.transferToImageBitmap(), options);
}

const SLICE_MS = 5; // of a frame

/** The same in steps, a few a frame; the canvas shows what it did until `done`. Returns the undo. */
export function drawInTurns(canvas, { width, height, ...options }, steps, done) {
  if (!able) {
    drawOn(canvas, { width, height, ...options }, (ctx) => steps.forEach((step) => step(ctx)));
    done();
    return () => {};
  }
  const sheet = new OffscreenCanvas(width, height);
  const ctx = sheet.getContext("2d", options);
  const left = [...steps];
  const finish = () => {
    show(canvas, sheet.transferToImageBitmap(), options);
    done();
  };
  const go = () => {
    const until = performance.now() + SLICE_MS;
    do left.shift()?.(ctx); while (left.length && performance.now() < until);
    due = requestAnimationFrame(left.length ? go : finish);
  };
  let due = requestAnimationFrame(go);
  return () => cancelAnimationFrame(due);
}

/** A picture becomes what the canvas shows, without being copied. */
export function show(canvas, picture, options = {}) {
  if (canvas.width !== picture.width) canvas.width = picture.width;
  if (canvas.height !== picture.height) canvas.height = picture.height;
  canvas.getContext("bitmaprenderer", options).transferFromImageBitmap(picture);
}
