/** What of a layer is shown: what the plans hold valid on a day, and what a filter keeps. Pure. */

/** Whether the plans hold a feature valid on that day; unknown ends are open. */
export const inForceOn = (day, { valid_from: from, valid_to: to }) => !day || ((!from || from <= day) && (!to || to >= day));

/** Whether a feature is in force on the day and passes a filter {field, value}. */
export function passesFilter(filter, day, properties) {
  if (!inForceOn(day, properties)) return false;
  return !filter || String(properties[filter.field] ?? "") === String(filter.value);
}
