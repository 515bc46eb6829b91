/** What a large layer holds, class by class: counted by the service, in view or everywhere. */
import * as api from "../api.js";
import { fieldOf, versionOf } from "../catalogue.js";
import { codeLabel, lang } from "../i18n.js";
import { classOf } from "../lib/styling.js";
import { state } from "../state.js";
import { shownAs } from "../versions.js";
import { layerClasses } from "./legend.js";

const held = new Map(); // layer -> {key, answer}

const keyOf = (params) => JSON.stringify(params);

function rowsOf(id, field, groups) {
  const classes = layerClasses(id);
  return groups.map((g) => {
    const cls = classes?.field === field ? classOf(classes, g.key) : null;
    return { value: g.key ?? "", label: cls?.[lang()] ?? codeLabel(fieldOf(id, field), g.key), cls, count: g.count, area: g.area_m2 ?? 0 };
  }).sort((a, b) => b.area - a.area || b.count - a.count);
}

/** Rows and total as they are known now, or null; `done` is called when newer ones have come. */
export function countsOf(c, box, done) {
  const by = layerClasses(c.id)?.field ?? c.class_field ?? "status";
  const params = { layer: c.id, by, bbox: box?.map((n) => n.toFixed(5)).join(","), ...shownAs(c.id) };
  const key = keyOf(params);
  const last = held.get(c.id);
  if (last?.key !== key) {
    held.set(c.id, { key, answer: last?.answer });
    api.get("statistics/area", params, { name: `legend-${c.id}` }).then((answer) => {
      if (held.get(c.id)?.key !== key) return;
      held.set(c.id, { key, answer });
      done();
    }).catch(() => held.get(c.id)?.key === key && held.set(c.id, { key: null, answer: last?.answer }));
  }
  const { answer } = held.get(c.id);
  return answer ? { field: by, rows: rowsOf(c.id, by, answer.groups), total: { count: answer.total.count, area: answer.total.area_m2 } } : null;
}

const values = new Map(); // "layer@version/field" -> rows, null while they are asked for

/** The values of a field in a whole large layer, with their counts; null until `done` is called. */
export function valuesOf(c, field, done) {
  const key = `${c.id}@${versionOf(c.id)}/${field}/${lang()}`;
  if (!values.has(key)) {
    values.set(key, null);
    api.get("statistics/area", { layer: c.id, by: field, version: versionOf(c.id) }).then(({ groups }) => {
      values.set(key, rowsOf(c.id, field, groups));
      done();
    }).catch(() => values.delete(key));
  }
  return values.get(key);
}

export const legendBox = () => (state.get("legendScope") === "all" ? null : state.get("view")?.bbox);
