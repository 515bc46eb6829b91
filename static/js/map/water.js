/**
 * Rivers around the district: mid-stream points (WGS84, 4 decimals) and half widths in metres.
 * Worked out from the district boundary, which runs mid-river, and from the ends of bridges;
 * banks are indicative (±150–300 m on the west channel and the Huadi river).
 */
export const RIVERS = [
  { zh: "珠江前航道", en: "Pearl River, front channel", half: 95, line: [[113.2489, 23.1098], [113.2368, 23.106], [113.2379, 23.1045]] },
  { zh: "珠江后航道", en: "Pearl River, rear channel", half: 165, label: true, line: [[113.2379, 23.1045], [113.2432, 23.0966], [113.247, 23.0845], [113.2521, 23.0759], [113.259, 23.0681], [113.2656, 23.0631], [113.2715, 23.0571]] },
  { zh: "三枝香水道", en: "Sanzhixiang channel", half: 190, line: [[113.2716, 23.0572], [113.2598, 23.0533], [113.2525, 23.0495], [113.2508, 23.0466]] },
  { zh: "平洲水道", en: "Pingzhou channel", half: 150, label: true, line: [[113.2508, 23.0466], [113.2496, 23.0475], [113.24, 23.0461], [113.2204, 23.0446], [113.2063, 23.046], [113.2039, 23.0472], [113.198, 23.0533], [113.1908, 23.0585]] },
  { zh: "沙贝海", en: "Shabei channel", half: 145, label: true, line: [[113.2065, 23.121], [113.2053, 23.1245], [113.2052, 23.1262], [113.2073, 23.1438], [113.2095, 23.149], [113.212, 23.151]] },
  { zh: "珠江西航道", en: "Pearl River, west channel", half: 118, label: true, line: [[113.212, 23.151], [113.2165, 23.144], [113.2192, 23.136], [113.2199, 23.1282], [113.2196, 23.1225], [113.2203, 23.1185]] },
  { zh: "珠江西航道", en: "Pearl River, west channel", half: 165, line: [[113.217, 23.173], [113.2135, 23.166], [113.2125, 23.16], [113.211, 23.1545], [113.212, 23.151]] },
  { zh: "珠江西航道", en: "Pearl River, west channel", half: 150, line: [[113.2053, 23.1262], [113.2064, 23.124], [113.2086, 23.1219], [113.214, 23.1182], [113.2203, 23.1185]] },
  { zh: "珠江西航道", en: "Pearl River, west channel", half: 200, label: true, line: [[113.2203, 23.1185], [113.2265, 23.1105], [113.236, 23.1045]] },
  { zh: "花地河", en: "Huadi River", half: 38, label: true, line: [[113.225, 23.1038], [113.2193, 23.0959], [113.215, 23.092], [113.2132, 23.0829], [113.2165, 23.0675], [113.2195, 23.048]] },
];
