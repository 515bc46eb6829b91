export function uploadPage(host) { host.textContent = 'upload'; }
