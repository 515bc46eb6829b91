/** Long lists of controls as one Tab stop: arrows, Home and End walk them. */
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
const CHOSEN = '[aria-pressed="true"], [aria-current]:not([aria-current="false"])';

/** The one that Tab stops at; the others wait for the arrows. */
export function stopAt(all, one) {
  for (const each of all) each.tabIndex = each === one ? 0 : -1;
}

/** Where a key leads from a place in a list, or null. */
export function placeFor(event, at, size) {
  const step = event.altKey || event.ctrlKey || event.metaKey ? undefined : STEPS[event.key];
  return step === undefined ? null : Math.max(0, Math.min(size - 1, at + step));
}

/** `list` whose controls of this kind are walked by arrows; Tab enters at the chosen one. */
export function roving(list, selector) {
  const all = () => [...list.querySelectorAll(selector)];
  list.addEventListener("focusin", (event) => event.target.matches(selector) && stopAt(all(), event.target));
  list.addEventListener("keydown", (event) => {
    const rows = all();
    const at = rows.indexOf(event.target);
    const to = at < 0 ? null : placeFor(event, at, rows.length);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    rows[to].focus();
  });
  stopAt(all(), all().find((e) => e.matches(CHOSEN)) ?? all()[0]);
  return list;
}
