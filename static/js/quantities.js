/** Areas and lengths as a reader sees them: the number with its unit, in the page's unit and language. */
import { t } from "./i18n.js";
import { area, length } from "./lib/format.js";
import { state } from "./state.js";

export const areaText = (m2, unit = state.get("unit")) => `${area(m2, unit)} ${t(`unit.${unit}`)}`;

export function lengthText(metres) {
  const { value, unit } = length(metres);
  return `${value} ${t(`unit.${unit}`)}`;
}
