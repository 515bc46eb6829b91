/** Mapbox vector tiles, as little of them as drawing needs. Pure. */
const text = new TextDecoder();

class Reader {
  constructor(bytes, start = 0, end = bytes.length) {
    Object.assign(this, { bytes, at: start, end });
  }

  varint() {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte < 128) return byte; // most are
    let value = byte & 127;
    for (let shift = 128; ; shift *= 128) {
      byte = bytes[this.at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }

  /** Every field of a message: visit(number, this). */
  fields(visit) {
    while (this.at < this.end) {
      const key = this.varint();
      const before = this.at;
      visit(key >> 3, this);
      if (this.at === before) this.skip(key & 7);
    }
  }

  message() {
    const size = this.varint();
    const inner = new Reader(this.bytes, this.at, this.at + size);
    this.at += size;
    return inner;
  }

  string() {
    const inner = this.message();
    return text.decode(this.bytes.subarray(inner.at, inner.end));
  }

  fixed(size) {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, size);
    this.at += size;
    return size === 8 ? view.getFloat64(0, true) : view.getFloat32(0, true);
  }

  skip(wire) {
    if (wire === 0) this.varint();
    else if (wire === 2) this.at += this.varint();
    else this.at += wire === 1 ? 8 : 4;
  }
}

const zigzag = (n) => (n % 2 ? -(n + 1) / 2 : n / 2);

function readValue(reader) {
  let value = null;
  reader.fields((field, r) => {
    if (field === 1) value = r.string();
    else if (field === 2) value = r.fixed(4);
    else if (field === 3) value = r.fixed(8);
    else if (field === 4 || field === 5) value = r.varint();
    else if (field === 6) value = zigzag(r.varint());
    else if (field === 7) value = Boolean(r.varint());
  });
  return value;
}

function readFeature(reader) {
  const feature = { id: null, type: 0, tags: null, geometry: null };
  reader.fields((field, r) => {
    if (field === 1) feature.id = r.varint();
    else if (field === 2) feature.tags = r.message();
    else if (field === 3) feature.type = r.varint();
    else if (field === 4) feature.geometry = r.message();
  });
  return feature;
}

function propertiesOf(tags, keys, values) {
  const properties = {};
  while (tags && tags.at < tags.end) {
    const key = keys[tags.varint()];
    properties[key] = values[tags.varint()];
  }
  return properties;
}

/** All paths of a layer in two arrays, so that thousands cost no objects: points, and where each path begins. */
class Paths {
  constructor(most) {
    this.xy = new Int32Array(most);
    this.start = new Int32Array(most + 1);
    this.count = 0;
    this.end = 0;
  }

  /** The paths that a feature's commands draw. */
  add(reader) {
    let x = 0;
    let y = 0;
    while (reader.at < reader.end) {
      const command = reader.varint();
      const op = command & 7;
      if (op === 7) continue; // closes what is drawn: rings are known by their type
      for (let left = command >> 3; left; left -= 1) {
        const dx = reader.varint();
        const dy = reader.varint();
        x += (dx >> 1) ^ -(dx & 1);
        y += (dy >> 1) ^ -(dy & 1);
        if (op === 1) this.start[this.count++] = this.end;
        this.xy[this.end++] = x;
        this.xy[this.end++] = y;
      }
    }
  }

  done() {
    this.start[this.count] = this.end;
    return { xy: this.xy.slice(0, this.end), start: this.start.slice(0, this.count + 1) };
  }
}

const sizeOf = (raw) => raw.reduce((sum, { geometry }) => sum + (geometry ? geometry.end - geometry.at : 0), 0);

/** A layer's features, each with the range of its paths: first up to, not including, last. */
function readLayer(reader) {
  const layer = { name: "", extent: 4096 };
  const raw = [];
  const keys = [];
  const values = [];
  reader.fields((field, r) => {
    if (field === 1) layer.name = r.string();
    else if (field === 2) raw.push(readFeature(r.message()));
    else if (field === 3) keys.push(r.string());
    else if (field === 4) values.push(readValue(r.message()));
    else if (field === 5) layer.extent = r.varint();
  });
  const paths = new Paths(sizeOf(raw)); // a number takes a byte at least
  layer.features = raw.map(({ tags, type, geometry, id }) => {
    const properties = propertiesOf(tags, keys, values);
    const first = paths.count;
    if (geometry) paths.add(geometry);
    return { id: properties.id ?? id, type, properties, first, last: paths.count };
  });
  return Object.assign(layer, paths.done());
}

export function decodeTile(buffer) {
  const layers = [];
  new Reader(new Uint8Array(buffer)).fields((field, r) => {
    if (field === 3) layers.push(readLayer(r.message()));
  });
  return layers;
}

/** How much memory decoded layers take, roughly, in bytes. */
export const weightOf = (layers) => layers.reduce((sum, { xy, start, features }) => sum + 4 * (xy.length + start.length) + 300 * features.length, 0);
