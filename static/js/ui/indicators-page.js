export function indicatorsPage(host) { host.textContent = 'indicators'; }
