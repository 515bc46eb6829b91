/** What can be done with a drawn shape: propose it as a parcel, take it out, print it, pass it on. */
import * as api from "../api.js";
import { may } from "../catalogue.js";
import { button, h, iconButton, save } from "../dom.js";
import { errorText, t } from "../i18n.js";
import { kindOf, partsOf } from "../lib/kinds.js";
import { toWkt } from "../lib/wkt.js";
import { toPlane } from "../lib/geodesy.js";
import { state } from "../state.js";
import { address, shapeText } from "../url.js";
import { menu } from "./controls.js";
import { areas, lengths } from "./draw-figures.js";
import { icon } from "./icons.js";
import { followJob } from "./jobs.js";
import { toast } from "./toast.js";
import { goTo } from "./topbar.js";

const featureOf = (geometry) => ({ type: "Feature", properties: { Polygon: areas, LineString: lengths }[kindOf(geometry)]?.(geometry) ?? {}, geometry });

const FORMATS = {
  geojson: { label: "GeoJSON", type: "application/geo+json", text: (g) => JSON.stringify(featureOf(g)) },
  csv: { label: "CSV (EPSG:4547)", type: "text/csv", text: coordinates },
  wkt: { label: "WKT", type: "text/plain", text: toWkt },
};

/** Numbered points ring by ring, north before east as surveyors list them. */
function coordinates(geometry) {
  const kind = kindOf(geometry);
  const runs = { Polygon: (part) => part, LineString: (part) => [part], Point: (part) => [[part]] }[kind];
  const rows = partsOf(geometry, kind).flatMap((part, p) => runs(part).flatMap((run, r) => run.map(([lon, lat], i) => {
    const [east, north] = toPlane([lon, lat]);
    return [p + 1, r + 1, `J${(kind === "Polygon" ? i % (run.length - 1) : i) + 1}`, north.toFixed(3), east.toFixed(3), lon, lat].join(",");
  })));
  return ["﻿part,ring,point,N,E,lon,lat", ...rows].join("\r\n");
}

function take(geometry, ending) {
  const { type, text } = FORMATS[ending];
  save(new Blob([text(geometry)], { type }), `shape.${ending}`);
}

async function copyLink() {
  if (state.get("fromFile") || !shapeText(state.get("drawn"))) return toast(t(state.get("fromFile") ? "draw.link.file" : "draw.link.long"));
  await navigator.clipboard?.writeText(location.origin + address({ pinned: true })).catch(() => {});
  return toast(t("inspect.copied"));
}

/** As an upload to the parcels: diagnosed and reviewed like any other. */
function keepButton(geometry, problem) {
  const keep = button("primary", t("draw.keep"), { "data-act": "keep" }, "check");
  const allow = () => {
    keep.disabled = !may("editor");
    keep.title = keep.disabled ? t("draw.keep.login") : "";
  };
  const stop = state.on("session", () => (keep.isConnected ? allow() : stop()));
  allow();
  keep.addEventListener("click", async () => {
    keep.disabled = true;
    problem.replaceChildren();
    try {
      const form = new FormData();
      form.append("file", new File([JSON.stringify({ type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry }] })], "drawn.geojson"));
      for (const [name, value] of Object.entries({ layer: "parcels", mode: "append", crs: "OGC:CRS84" })) form.append(name, value);
      const upload = await api.postForm("uploads", form);
      followJob("uploads", upload.id, upload.filename);
      state.set({ tool: "select", drawn: null });
      goTo("uploads", upload.id);
    } catch (error) {
      problem.append(errorText(error));
      keep.disabled = false;
    }
  });
  return keep;
}

/** A sheet about the shape. */
function print() {
  state.set({ print: { ...state.get("print"), extent: "drawn", at: null } });
  goTo("print");
}

export function drawActs(geometry, again) {
  const problem = h("p.field-error", { role: "alert" });
  const area = kindOf(geometry) === "Polygon";
  const files = menu(t("stats.export"), Object.entries(FORMATS).map(([ending, { label }]) => h("button.menu-item", { type: "button", onclick: () => take(geometry, ending) }, icon("download"), h("span", {}, label))));
  return h("div.panel-foot.stacked.draw-foot", {}, problem, h("div.row", {},
    area && keepButton(geometry, problem), files,
    h("div.row.grow.acts", {}, iconButton("image", t("nav.print"), { "data-act": "print", onclick: print }), iconButton("document", t("draw.report"), { "data-act": "report", onclick: () => window.print() }), iconButton("share", t("draw.link"), { onclick: copyLink }),
    h("span.grow"), iconButton("trash", t("draw.again"), { "data-act": "again", onclick: again }))));
}
