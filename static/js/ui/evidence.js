/** How far a shape can be trusted: icon, word, and one sentence. Before the number, always. */
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { number } from "../lib/format.js";
import { icon } from "./icons.js";

const ICONS = { official: "seal", surveyed: "check", digitised: "ruler", derived: "compare", indicative: "hatch" };
const TONES = { official: "ok", surveyed: "ok", digitised: "plain", derived: "plain", indicative: "ind" };
const known = (evidence) => (evidence in ICONS ? evidence : null);

export function badge(evidence, { small = false } = {}) {
  const kind = known(evidence);
  return h(`span.badge.${TONES[kind] ?? "plain"}${small ? ".small" : ""}`, { "data-evidence": kind ?? "none" },
    kind && icon(ICONS[kind]), h("span", {}, t(`evidence.${kind ?? "none"}`)));
}

export function sentence({ evidence, accuracy_m: accuracy }) {
  const kind = known(evidence);
  if (!kind) return t("evidence.say.none");
  if (accuracy === null || accuracy === undefined) return t("evidence.noaccuracy");
  return t(`evidence.say.${kind}`, { m: number(accuracy, accuracy < 1 ? 2 : 0) });
}

export const evidenceLine = (properties, isLocated = true) =>
  h("p.evidence", {}, badge(properties.evidence), h("span", {}, isLocated ? sentence(properties) : t("evidence.unlocated")));
