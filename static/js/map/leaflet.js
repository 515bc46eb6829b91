/** Leaflet comes as one vendored script; this folder alone knows it. */
export const { L } = window;
