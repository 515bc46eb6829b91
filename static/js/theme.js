/* Before the first paint: the language and theme asked for or used last, and whether the map is what opens. */
(() => {
  const query = new URLSearchParams(location.search);
  const kept = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const theme = query.get("theme") || kept("atlas-theme") || dark;
  const lang = query.get("lang") || kept("atlas-lang") || "zh";
  const root = document.documentElement;
  root.dataset.theme = theme === "dark" ? "dark" : "light";
  root.dataset.lang = lang === "en" ? "en" : "zh";
  root.dataset.start = /^\/($|map$|f\/)/.test(location.pathname) ? "map" : location.pathname === "/embed" ? "embed" : "elsewhere";
  root.lang = lang === "en" ? "en" : "zh-CN";
})();
