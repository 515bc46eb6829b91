/** What panels may ask of the map without knowing Leaflet: fit, reveal, go, zoom, locate, layer, district. */
const commands = new EventTarget();
let waiting = [];
let answering = false;

export function ask(name, detail) {
  if (answering) commands.dispatchEvent(new CustomEvent(name, { detail }));
  else waiting.push([name, detail]);
}

/** The map's answers, by name. What was asked before is done now. */
export function answer(answers) {
  for (const [name, act] of Object.entries(answers)) commands.addEventListener(name, (event) => act(event.detail));
  answering = true;
  waiting.splice(0).forEach(([name, detail]) => ask(name, detail));
  waiting = [];
}
