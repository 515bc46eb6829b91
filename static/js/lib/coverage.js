/** A picture of thousands of shapes of a pixel or two that do not lie over each other, by how much of each pixel they cover: paths take ten times as long over them. Pure. */
const SPARE = 32; // columns beyond the picture: what reaches further lies on their edge, out of sight
const LEAST = 1 / 512; // of a pixel

/** #rgb or #rrggbb as [r, g, b]; null: another way of saying a colour. */
export function rgbOf(text) {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text ?? "")?.[1];
  if (!digits) return null;
  const long = digits.length === 6 ? digits : [...digits].map((d) => d + d).join("");
  return [0, 2, 4].map((at) => parseInt(long.slice(at, at + 2), 16));
}

export class Coverage {
  /** A square of so many pixels. */
  constructor(size) {
    this.size = size;
    this.columns = size + 2 * SPARE + 2;
    this.sums = new Float32Array(4 * this.columns * size); // red, green, blue, opacity: by how much more than the pixel on the left
    this.with([0, 0, 0], 0);
  }

  /** The rings that follow have this colour. */
  with([r, g, b], opacity) {
    Object.assign(this, { r: r * opacity, g: g * opacity, b: b * opacity, opacity });
  }

  /** A ring: its points from one place in `xy` up to another, times k in pixels. Holes are wound the other way. */
  ring(xy, from, end, k) {
    const { size, columns, sums, r, g, b, opacity } = this;
    let x0 = xy[end - 2] * k + SPARE;
    let y0 = xy[end - 1] * k;
    for (let i = from; i < end; i += 2) {
      const x1 = xy[i] * k + SPARE;
      const y1 = xy[i + 1] * k;
      const up = y1 < y0;
      const bottom = Math.min(up ? y0 : y1, size);
      const slope = (x1 - x0) / (y1 - y0);
      let y = Math.max(up ? y1 : y0, 0);
      let x = x0 + (y - y0) * slope;
      for (let row = Math.floor(y); y < bottom; row += 1) {
        const until = Math.min(row + 1, bottom);
        const next = x + (until - y) * slope;
        const high = up ? until - y : y - until;
        const left = Math.min(x, next);
        const right = Math.max(x, next);
        const column = Math.floor(left);
        if (column >= 0 && right <= column + 1 && column < columns - 2) { // most are so short
          const after = high * ((left + right) / 2 - column);
          const here = high - after;
          const at = 4 * (row * columns + column);
          sums[at] += here * r;
          sums[at + 1] += here * g;
          sums[at + 2] += here * b;
          sums[at + 3] += here * opacity;
          sums[at + 4] += after * r;
          sums[at + 5] += after * g;
          sums[at + 6] += after * b;
          sums[at + 7] += after * opacity;
        } else this.wide(row, left, right, high);
        x = next;
        y = until;
      }
      x0 = x1;
      y0 = y1;
    }
  }

  /** An edge within one row that crosses columns, or lies beyond the picture. */
  wide(row, from, to, high) {
    const most = this.columns - 2;
    const left = Math.min(Math.max(from, 0), most);
    const right = Math.min(Math.max(to, 0), most);
    const a = Math.floor(left);
    const b = Math.max(Math.ceil(right), a + 1);
    let before = 0; // of the edge's height: what also covers the columns from here on
    for (let c = a; c < b; c += 1) {
      const f = Math.max(left, c);
      const t = Math.min(right, c + 1);
      const part = right > left ? ((t - f) / (right - left)) * high : high;
      const after = part * ((f + t) / 2 - c);
      this.add(row, c, before + part - after);
      before = after;
    }
    this.add(row, b, before);
  }

  add(row, column, share) {
    const at = 4 * (row * this.columns + column);
    this.sums[at] += share * this.r;
    this.sums[at + 1] += share * this.g;
    this.sums[at + 2] += share * this.b;
    this.sums[at + 3] += share * this.opacity;
  }

  /** Red, green, blue and opacity of every pixel, 0 to 255. */
  pixels() {
    const { size, columns, sums } = this;
    const out = new Uint8ClampedArray(4 * size * size);
    for (let row = 0, o = 0; row < size; row += 1) {
      let r = 0;
      let g = 0;
      let b = 0;
      let weight = 0;
      for (let c = 0, i = 4 * row * columns; c < size + SPARE; c += 1, i += 4) {
        r += sums[i];
        g += sums[i + 1];
        b += sums[i + 2];
        weight += sums[i + 3];
        if (c < SPARE) continue;
        if (weight > LEAST) {
          out[o] = r / weight;
          out[o + 1] = g / weight;
          out[o + 2] = b / weight;
          out[o + 3] = 255 * weight;
        }
        o += 4;
      }
    }
    return out;
  }
}
