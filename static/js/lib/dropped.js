/** What was dropped, as files: a folder becomes an archive of what is in it. */
import { zipped } from "./zip.js";

const MOST = 5000; // files of a folder
const MOST_BYTES = 500 * 2 ** 20; // what a page can hold at once

const once = (start) => new Promise(start);

/** Everything in a folder; a browser hands it out by the hundred. */
async function inside(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await once((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return all;
    all.push(...some);
  }
}

async function filesOf(entry, found = []) {
  if (entry.isFile) found.push({ name: entry.fullPath.replace(/^\//, ""), file: await once((done, failed) => entry.file(done, failed)) });
  else for (const each of await inside(entry)) if (found.length < MOST) await filesOf(each, found);
  return found;
}

async function archive(folder) {
  const found = (await filesOf(folder)).filter(({ name }) => !/(^|\/)\./.test(name));
  if (found.reduce((sum, { file }) => sum + file.size, 0) > MOST_BYTES) return found.map(({ file }) => file); // the service says how much it takes
  const read = await Promise.all(found.map(async ({ name, file }) => ({ name, bytes: new Uint8Array(await file.arrayBuffer()) })));
  return new File(zipped(read), `${folder.name}.zip`, { type: "application/zip" });
}

/** To be called while the drop is being told: afterwards its folders are gone. */
export function droppedFiles(transfer) {
  const folders = [...transfer.items ?? []].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory);
  const names = new Set(folders.map(({ name }) => name));
  const files = [...transfer.files].filter((file) => !names.has(file.name));
  return Promise.all([...files, ...folders.map(archive)]).then((all) => all.flat());
}
