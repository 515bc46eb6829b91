/** Colours of the map itself. What a layer looks like comes from the server. */
import { state } from "../state.js";

const LIGHT = {
  inside: "#f7f8f5", outside: "#e9ece7", water: "#cbdde5", waterEdge: "#a9c4d0", waterText: "#2f5b72",
  boundary: "#39464a", halo: "rgba(255,255,255,.7)", grid: "rgba(70,82,85,.20)", gridText: "#5f6b6d",
  metro: "#4a575b", casing: "#ffffff", ink: "#172022", indicative: "#80510c",
  selected: "#0b3c5a", selectedCasing: "#ffffff", text: "#172022", text2: "#465255", paper: "#ffffff",
  ok: "#1d6a4d", bad: "#a5302a", accent: "#1a587a", unclassed: "#e4eef3",
};
const DARK = {
  inside: "#182022", outside: "#0d1314", water: "#10303d", waterEdge: "#2a5466", waterText: "#7fb3c9",
  boundary: "#a9b6b5", halo: "rgba(12,17,18,.7)", grid: "rgba(185,196,195,.16)", gridText: "#97a4a4",
  metro: "#a7b4b4", casing: "#0d1314", ink: "#e9eeec", indicative: "#e2b56b",
  selected: "#ffffff", selectedCasing: "#0b1516", text: "#e9eeec", text2: "#b9c4c3", paper: "#151c1e",
  ok: "#7fcda8", bad: "#f49b90", accent: "#85c5e0", unclassed: "#173440",
};

export const palette = () => (state.get("theme") === "dark" ? DARK : LIGHT);
let family = null; // asked of the page once: asking makes it lay itself out
export const mapFont = (size, bold = false, italic = false) =>
  `${italic ? "italic " : ""}${bold ? 700 : 400} ${size}px ${family ??= getComputedStyle(document.body).fontFamily}`;
