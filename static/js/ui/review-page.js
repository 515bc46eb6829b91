export function reviewPage(host) { host.textContent = 'review'; }
