export function documentsPage(host) { host.textContent = 'documents'; }
