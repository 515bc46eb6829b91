/** Files put together into one archive, uncompressed: what a folder becomes when it is dropped. Pure. */
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 255];
  return (sum ^ 0xffffffff) >>> 0;
}

/** Fields of two or four bytes, the least first. */
function packed(fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

const UTF8 = 1 << 11;
const FIRST_DAY = 0x21; // 1 January 1980: no archive tells an earlier one

const common = ({ sum, size, name }) => [[2, 20], [2, UTF8], [2, 0], [2, 0], [2, FIRST_DAY], [4, sum], [4, size], [4, size], [2, name.length], [2, 0]];
const local = (entry) => packed([[4, 0x04034b50], ...common(entry)]);
const listed = (entry) => packed([[4, 0x02014b50], [2, 20], ...common(entry), [2, 0], [2, 0], [2, 0], [4, 0], [4, entry.at]]);

/** [{name, bytes}] -> the parts of the archive. */
export function zipped(files) {
  const parts = [];
  const entries = [];
  let at = 0;
  const put = (bytes) => { parts.push(bytes); at += bytes.length; };
  for (const { name, bytes } of files) {
    const entry = { name: new TextEncoder().encode(name), sum: crc(bytes), size: bytes.length, at };
    entries.push(entry);
    put(local(entry));
    put(entry.name);
    put(bytes);
  }
  const start = at;
  entries.forEach((entry) => { put(listed(entry)); put(entry.name); });
  put(packed([[4, 0x06054b50], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, at - start], [4, start], [2, 0]]));
  return parts;
}
