/** What two versions of a layer differ in, feature by feature. Pure. */
const MEASURED = new Set(["area_m2", "area_plane_m2", "length_m", "length_plane_m"]);
export const KINDS = ["add", "remove", "change_geometry", "change_attributes", "unchanged"];

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function changedNames(before, after) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !MEASURED.has(name) && !same(before[name], after[name]));
}

function row(id, before, after) {
  if (!before) return { id, change: "add", after, fields: [] };
  if (!after) return { id, change: "remove", before, fields: [] };
  const fields = changedNames(before.properties, after.properties);
  const moved = !same(before.geometry, after.geometry);
  return { id, before, after, fields, change: moved ? "change_geometry" : fields.length ? "change_attributes" : "unchanged" };
}

/** {rows, counts}; rows hold every feature of either side, the unchanged too. */
export function difference(before, after) {
  const old = new Map(before.map((f) => [f.id, f]));
  const now = new Map(after.map((f) => [f.id, f]));
  const rows = [...new Set([...old.keys(), ...now.keys()])].map((id) => row(id, old.get(id), now.get(id)));
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, rows.filter((r) => r.change === kind).length]));
  return { rows, counts };
}
