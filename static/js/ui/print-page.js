export function printPage(host) { host.textContent = 'print'; }
