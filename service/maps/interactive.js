// An offline map: everything it shows is in this file. Words are set as text, never as
// markup.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const renderer = L.svg({ padding: 0.5 });
  const map = L.map("map", { renderer, zoomControl: false, zoomSnap: 0.25, attributionControl: false });
  const [west, south, east, north] = data.bounds;
  const wide = map.getSize().x > 640;
  map.fitBounds([[south, west], [north, east]], {
    paddingTopLeft: wide ? [324, 12] : [12, 12],
    paddingBottomRight: wide ? [12, 12] : [12, map.getSize().y * 0.4],
  });
  L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);

  const element = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  function hatch(symbol) {
    const id = `hatch-${symbol.hatch.slice(1)}`;
    const root = renderer._container;
    if (!root.querySelector(`#${id}`)) {
      const pattern = element("pattern", {
        id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
      });
      pattern.append(element("path", { d: "M0 0V7", stroke: symbol.hatch, "stroke-opacity": 0.5, "stroke-width": 2.2 }));
      root.prepend(pattern);
    }
    return `url(#${id})`;
  }

  function style(symbol) {
    const fill = symbol.hatch ? hatch(symbol) : symbol.fill;
    return {
      color: symbol.stroke, weight: symbol.width, dashArray: symbol.dash.join(" ") || null,
      fill: symbol.kind !== "line", fillColor: fill || "#ffffff",
      fillOpacity: fill ? 1 : symbol.kind === "point" ? 1 : 0.01,
      radius: symbol.radius, lineJoin: "round",
    };
  }

  function popup(group, feature) {
    const box = document.createElement("div");
    const title = document.createElement("h2");
    title.textContent = feature.properties[0];
    const list = document.createElement("dl");
    group.fields.forEach((field, n) => {
      const value = feature.properties[n + 1];
      if (value === null) return;
      const [dt, dd] = ["dt", "dd"].map((name) => document.createElement(name));
      dt.textContent = field;
      dd.textContent = value;
      list.append(dt, dd);
    });
    box.append(title, list);
    return box;
  }

  function swatch(symbol) {
    const made = element("svg", { width: 22, height: 14, "aria-hidden": true });
    const pen = { stroke: symbol.stroke, "stroke-width": symbol.width };
    if (symbol.dash.length) pen["stroke-dasharray"] = "4 2";
    if (symbol.kind === "line") made.append(element("path", { d: "M1 7H21", fill: "none", ...pen }));
    else if (symbol.kind === "point") made.append(element("circle", { cx: 11, cy: 7, r: 4, fill: "#fff", ...pen }));
    else made.append(element("rect", { x: 1, y: 1, width: 20, height: 12, fill: symbol.hatch || symbol.fill || "none", "fill-opacity": symbol.hatch ? 0.3 : 1, ...pen }));
    return made;
  }

  function row(group, layer) {
    const item = document.createElement("li");
    const label = document.createElement("label");
    const check = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
    check.addEventListener("change", () => (check.checked ? layer.addTo(map) : layer.remove()));
    const [name, count] = ["name", "count"].map((word) => {
      const span = document.createElement("span");
      span.className = word;
      return span;
    });
    name.textContent = group.title;
    count.textContent = group.features.length.toLocaleString("en");
    label.append(check, swatch(group.symbol), name, count);
    item.append(label);
    document.getElementById("layers").append(item);
  }

  for (const group of data.groups) {
    const layer = L.geoJSON(group.features, {
      interactive: !group.base,
      pointToLayer: (feature, at) => L.circleMarker(at, { renderer }),
      style: () => style(group.symbol),
      onEachFeature: (feature, drawn) => {
        if (group.base) return;
        drawn.bindTooltip(document.createTextNode(feature.properties[0]).textContent.replace(/[<&]/g, " "), { sticky: true });
        drawn.bindPopup(() => popup(group, feature));
      },
    }).addTo(map);
    row(group, layer);
  }
})();
