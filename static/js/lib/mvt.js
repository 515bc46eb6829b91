/** Mapbox vector tiles, as little of them as drawing needs. Pure. */
const text = new TextDecoder();

class Reader {
  constructor(bytes, start = 0, end = bytes.length) {
    Object.assign(this, { bytes, at: start, end });
  }

  varint() {
    let value = 0;
    let shift = 1;
    for (;;) {
      const byte = this.bytes[this.at];
      this.at += 1;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
      shift *= 128;
    }
  }

  /** Every field of a message: visit(number, wire type, this). */
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
    else if (wire === 2) this.message();
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

function packed(reader) {
  const inner = reader.message();
  const values = [];
  while (inner.at < inner.end) values.push(inner.varint());
  return values;
}

function readFeature(reader) {
  const feature = { id: null, tags: [], type: 0, commands: [] };
  reader.fields((field, r) => {
    if (field === 1) feature.id = r.varint();
    else if (field === 2) feature.tags = packed(r);
    else if (field === 3) feature.type = r.varint();
    else if (field === 4) feature.commands = packed(r);
  });
  return feature;
}

/** Command integers to parts of [x0, y0, x1, y1, …] in tile units. */
function parts(commands) {
  const all = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < commands.length;) {
    const op = commands[i] & 7;
    let count = commands[i] >> 3;
    i += 1;
    for (; count && op !== 7; count -= 1, i += 2) {
      x += zigzag(commands[i]);
      y += zigzag(commands[i + 1]);
      if (op === 1) all.push([x, y]);
      else all[all.length - 1].push(x, y);
    }
  }
  return all;
}

function readLayer(reader) {
  const layer = { name: "", extent: 4096, features: [] };
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
  layer.features = raw.map(({ tags, type, commands, id }) => {
    const properties = {};
    for (let i = 0; i < tags.length; i += 2) properties[keys[tags[i]]] = values[tags[i + 1]];
    return { id: properties.id ?? id, type, properties, parts: parts(commands) };
  });
  return layer;
}

export function decodeTile(buffer) {
  const layers = [];
  new Reader(new Uint8Array(buffer)).fields((field, r) => {
    if (field === 3) layers.push(readLayer(r.message()));
  });
  return layers;
}
