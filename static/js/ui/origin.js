/** Where a version came from: its file, and the digest by which anybody can tell it again. */
import { h } from "../dom.js";
import { day, t } from "../i18n.js";
import { number } from "../lib/format.js";

const SHORT = 12;

const whole = (file) => h("li", {}, h("strong", {}, file.name), h("span.cap.num", {}, ` ${t("origin.bytes", { n: number(file.size_bytes) })}`), h("code.digest", {}, `SHA-256 ${file.sha256}`));

function fromFile([first, ...more]) {
  const name = more.length ? t("origin.files", { name: first.name, n: number(more.length + 1) }) : first.name;
  return h("details.origin", {}, h("summary", {}, t("origin.file", { name }), " ", h("code", {}, first.sha256.slice(0, SHORT))), h("ul", {}, [first, ...more].map(whole)));
}

/** One line, opened for the whole digest; nothing where nothing is known. */
export function originLine(origin) {
  if (!origin) return null;
  if (origin.kind === "file") return origin.files.length ? fromFile(origin.files) : null;
  return h("p.origin", {}, t(`origin.${origin.kind}`, { v: origin.version }));
}

/** What the service writes by itself it writes in both languages. */
const isOwn = ({ note, origin }) => origin?.kind === "initial" || (origin?.kind === "restore" && note === `Restore version ${origin.version} 恢复第 ${origin.version} 版`);

/** What the submitter wrote. */
export const noteOf = (v) => (isOwn(v) ? null : v.note);

/** A version to choose from: its number, its day, what is said of it. */
export const versionLabel = (v) => [t("version.n", { n: v.number }), day(v.published_at), isOwn(v) ? t(`origin.${v.origin.kind}`, { v: v.origin.version }) : v.note].filter(Boolean).join(" · ");

/** What a changeset says of itself, before it is a version; an upload is not one yet, and its file stands beside. */
export function originOf({ upload, files, restores, filename, submitted_at: at }) {
  if (restores) return { kind: "restore", version: restores };
  if (filename && !at) return null;
  return upload ? { kind: "file", files: files ?? [] } : { kind: "edit" };
}
