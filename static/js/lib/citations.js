/** References to the plans' chapters, and names of metro lines, in English. What cannot be told whole is left as it is. Pure. */

const DIGITS = "零一二三四五六七八九";
const CHINESE = /[\u3400-\u9fff]/;
const MARKS = { 纲要: "Outline", 意见: "Opinions", 方案: "Action plan", 研究: "Study", 建议: "Proposal" };

/** 四 -> 4, 十 -> 10, 二十二 -> 22 */
export function numberOf(text) {
  const [tens, ones] = text.includes("十") ? text.split("十") : ["零", text];
  return (tens === "" ? 1 : DIGITS.indexOf(tens)) * 10 + (ones ? DIGITS.indexOf(ones) : 0);
}

const N = "([一二三四五六七八九十]+)";
const asNumber = (text) => text.replace(new RegExp(`${N}(?=(\\d?))`, "g"), (_, n, digit) => `${numberOf(n)}${digit ? "." : ""}`);
const STEPS = [
  [new RegExp(`第${N}章`, "g"), (_, n) => ` chapter ${numberOf(n)} `],
  [new RegExp(`第${N}节`, "g"), (_, n) => `section ${numberOf(n)}`],
  [/附件(\d+)/g, " annex $1"],
  [/表(\d+)/g, "table $1"],
  [/地块数据的一般要求/g, " general requirements of parcel data"],
  [/前言/g, " preface"],
  [/摘要/g, " summary"],
  [/合计/g, "total"],
  [/脚注(\d+)/g, " note $1"],
  [/另处写法/g, " elsewhere"],
  [/通行写法/g, "usual spelling"],
  [/写法/g, ""],
  [/[、，]\s*/g, ", "],
  [/[；;]\s*/g, "; "],
];

/** "纲要 第四章第二节·2、附件1·一(一)" -> "Outline chapter 4 section 2·2, annex 1·1(1)"; null where Chinese would be left. */
export function cited(text) {
  let said = String(text).replace(/(纲要|意见|方案|研究|建议)\s*/g, (mark) => `${MARKS[mark.trim()]} `);
  for (const [found, instead] of STEPS) said = said.replace(found, instead);
  said = asNumber(said).replace(/\s+/g, " ").replace(/ ([,;·)])/g, "$1").trim();
  return CHINESE.test(said) ? null : said;
}

/** "荔府〔2021〕4号 第一章第一节" -> "荔府〔2021〕4号 chapter 1 section 1": the document's number stays as it was given. */
export function citedAfterNumber(text) {
  const [, number, rest] = /^(\S*号)\s+(.+)$/.exec(text) ?? [];
  const said = rest && cited(rest);
  return said ? `${number} ${said}` : text;
}

/** The same for references in brackets within other words: the words stay, the brackets become Latin. */
export const citedWithin = (text) => String(text).replace(/\s*[（(]([^（）]*?)[）]|\s+\(((?:[^()]|\([^()]*\))*)\)/g, (all, wide, narrow) => {
  const said = cited(wide ?? narrow);
  return said ? ` (${said})` : all;
});

/** "11号线、广佛线" -> "Line 11, Guangfo Line"; what is not known stays. */
export const lineNames = (text) => String(text).split("、").map((line) => {
  const known = { 广佛线: "Guangfo Line" }[line];
  return known ?? line.replace(/^(\d+)号线$/, "Line $1");
}).join(", ");

/** A text as pieces, told apart by whether they are Chinese: [[text, isChinese]]. */
export function pieces(text) {
  return String(text).split(/([\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+)/).filter(Boolean).map((part) => [part, CHINESE.test(part)]);
}
