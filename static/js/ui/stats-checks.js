/** What the rules of a layer find, and what reviewers decide of it: with name, reason and date. */
import * as api from "../api.js";
import { may, versionOf } from "../catalogue.js";
import { button, fill, h } from "../dom.js";
import { errorText, moment, name, t, words } from "../i18n.js";
import { number } from "../lib/format.js";
import { areaText, lengthText } from "../quantities.js";
import { state } from "../state.js";
import { empty, segmented } from "./controls.js";
import { dataTable, figure, num } from "./data-table.js";
import { openDialog } from "./dialog.js";
import { badge } from "./evidence.js";
import { icon } from "./icons.js";
import { citation } from "./spoken.js";
import { ask, provenance } from "./stats-frame.js";
import { toast } from "./toast.js";

const TONE = { conforms: "ok", violates: "bad", needs_judgement: "ind" };

/** How much is in conflict, in what it is measured in. */
export function amount(finding) {
  if (finding.area_m2 !== undefined) return areaText(finding.area_m2);
  if (finding.length_m !== undefined) return lengthText(finding.length_m);
  if (finding.distance_m !== undefined) return t("check.beyond", { d: lengthText(finding.distance_m) });
  return finding.count === undefined ? "—" : number(finding.count);
}

export function checksView(body, layer) {
  const result = h("div.stats-result.single");
  fill(body, result);
  const query = { layer: layer.id, basis: state.get("basis"), version: versionOf(layer.id), lang: state.get("lang") };
  const again = () => checksView(body, layer);
  const show = (answer) => fill(result, answer.checks.length ? table(layer, answer, again) : empty(t("check.norules"), { note: answer.notes.map((n) => n[state.get("lang")]).join(" ") }));
  ask(result, "checks/run", query, { show, again });
}

function table(layer, answer, again) {
  const columns = [t("check.what"), t("check.outcome"), num(t("check.amount")), num(t("check.width")), t("check.who")];
  return h("div.stats-table.scroll", { tabindex: "0" }, dataTable(t("stats.checks"), columns,
    answer.checks.map((check) => h("tbody", { "data-rule": check.rule.id }, ruleRow(layer, check, again), check.findings.map((f) => findingRow(layer, check, f, again)))),
    h("tfoot", {}, h("tr.stats-foot", {}, h("td", { colSpan: columns.length }, provenance(answer))))));
}

const verdict = (told) => h("td", {}, h("span.chip", { class: TONE[told.outcome], "data-outcome": told.outcome }, words(told, "outcome")));

function ruleRow(layer, check, again) {
  return h("tr.check-rule", {}, h("th", { scope: "row" }, h("span.strong", {}, words(check.rule, "clause")), " ", badge(check.evidence, { small: true }),
    h("p.cap", {}, t("check.source"), citation(check.rule.source)), h("p.cap", {}, [t("check.counted", { n: number(check.checked), all: number(check.findings_total) }), words(check, "why")].filter(Boolean).join(" · "))),
  verdict(check), h("td"), h("td"), h("td", {}, judged(layer, check, check, null, again)));
}

function findingRow(layer, check, finding, again) {
  const choose = () => state.set({ selection: { layer: layer.id, id: finding.feature }, hits: null });
  const against = finding.other ? ` — ${finding.other_name_zh ?? finding.other}` : "";
  return h("tr", { "data-feature": finding.feature }, h("th", { scope: "row" }, h("button.link.ink", { type: "button", onclick: choose }, name({ ...finding, id: finding.feature })), against, h("p.cap", {}, words(finding, "why"))),
    verdict(finding), figure(amount(finding)), figure(finding.width_m === null ? "—" : lengthText(finding.width_m)), h("td", {}, judged(layer, check, finding, finding, again)));
}

/** Who decided, when and why; for a reviewer the way to decide. */
function judged(layer, check, told, finding, again) {
  const { judgement: j } = told;
  const kept = j && h("div", { class: j.stands ? "" : "soft" }, h("p", {}, h("strong", {}, j.by), ` · ${moment(j.at)} · ${t(`check.${j.outcome}`)}`), h("p.cap", {}, j.reason),
    j.earlier && h("p.cap", {}, t("check.earlier", { v: j.version })), !j.stands && h("p.cap", {}, icon("warning"), " ", t("check.outdated")));
  const open = () => judgeDialog({ check, finding, judgement: j, version: check.versions[layer.id], again });
  return [kept, may("reviewer") && button("secondary small", t(j ? "check.rejudge" : "check.judge"), { "data-act": "judge", onclick: open })];
}

function judgeDialog({ check, finding, judgement, version, again }) {
  let outcome = judgement?.outcome ?? "conforms";
  const reason = h("textarea.input", { rows: "3", maxlength: "2000", "aria-label": t("check.reason"), placeholder: t("check.reason") });
  const problem = h("p.field-error", { role: "alert" });
  const send = (decided) => async () => {
    if (reason.value.trim().length < 2) {
      fill(problem, t("check.reason.need"));
      reason.focus();
      return;
    }
    const about = finding ? { feature: finding.feature, other: finding.other } : {};
    try {
      await api.post("checks/judgements", { rule: check.rule.id, version, ...about, outcome: decided ?? outcome, reason: reason.value.trim() });
      dialog.close();
      toast(t("check.kept"));
      again();
    } catch (error) {
      fill(problem, errorText(error));
    }
  };
  const choice = segmented({ label: t("check.outcome"), value: outcome, name: "verdict", options: ["conforms", "violates"].map((o) => [o, t(`check.${o}`)]), change: (o) => { outcome = o; } });
  const history = h("ul.check-history");
  const dialog = openDialog({
    title: t("check.judge"),
    body: h("div", {}, h("p", {}, words(check.rule, "clause"), finding && ` · ${name({ ...finding, id: finding.feature })}`), choice, reason, problem, history),
    foot: [judgement && button("danger", t("check.withdraw"), { "data-act": "withdraw", onclick: send("withdrawn") }), h("span.grow"),
      button("secondary", t("action.cancel"), { onclick: () => dialog.close() }), button("primary", t("check.keep"), { "data-act": "keep-judgement", onclick: send(null) })],
  });
  showHistory(history, check, finding);
}

async function showHistory(list, check, finding) {
  const { judgements } = await api.get("checks/judgements", { rule: check.rule.id, feature: finding?.feature }).catch(() => ({ judgements: [] }));
  const own = judgements.filter((j) => (j.feature ?? null) === (finding?.feature ?? null) && (j.other ?? null) === (finding?.other ?? null));
  fill(list, own.map((j) => h("li.cap", {}, `${moment(j.at)} · ${j.by} · ${t(`check.${j.outcome}`)} · ${t("version.n", { n: j.version })} · ${j.reason}`)));
}
