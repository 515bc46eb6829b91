/** Asks the browser to keep the page, so that it opens again while the service is away. */

/** Files that come only when they are asked for, and that a page without network needs too. */
export const LATER = [
  "exporting.js", "lib/coverage.js", "lib/difference.js", "lib/mvt.js", "lib/table-question.js",
  "lib/tile-picture.js", "map/print-frame.js", "map/tile-hand.js", "map/tile-worker.js", "offline.js", "rows.js",
  "ui/absent.js", "ui/account-dialogs.js", "ui/accounts-page.js", "ui/chart.js", "ui/compare-panel.js", "ui/data-table.js", "ui/diff-follow.js",
  "ui/document-text.js", "ui/doc-map.js", "ui/documents-page.js", "ui/indicators-page.js", "ui/jobs-tray.js", "ui/plans.js",
  "ui/print-checks.js", "ui/print-layers.js", "ui/print-page.js", "ui/print-preview.js", "ui/print-request.js",
  "ui/print-settings.js", "ui/print-strip.js", "ui/review-changes.js", "ui/review-meetings.js", "ui/review-page.js",
  "ui/review-swipe.js", "ui/stats-area.js", "ui/stats-balance-change.js", "ui/stats-balance.js",
  "ui/stats-checks.js", "ui/stats-diff.js", "ui/stats-overlap.js", "ui/stats-proximity.js", "ui/stats-table.js",
  "ui/table-asked.js", "ui/table-columns.js", "ui/table-grid.js", "ui/upload-diagnosis.js", "ui/upload-form.js",
  "ui/upload-page.js", "ui/upload-preview.js", "ui/upload-problems.js",
];

/** Browsers allow this on https and on the machine itself; elsewhere the page works without. */
export async function keepForLater() {
  if (!navigator.serviceWorker || !window.isSecureContext) return;
  await navigator.serviceWorker.register("/offline.js");
  const { active } = await navigator.serviceWorker.ready;
  const joined = import.meta.url.includes("/static/built/"); // then nothing comes later
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const later = joined ? [] : LATER.map((file) => new URL(file, new URL("./", import.meta.url)).href);
  const beside = document.querySelector('meta[name="tile-worker"]').content;
  active.postMessage({ keep: [`${location.origin}/`, ...loaded, ...later, location.origin + beside] });
}
