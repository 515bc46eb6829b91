"""What the columns and cells of sheets are called, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from layers.catalogue import EVIDENCE_NAMES

#: Titles of columns, zh and en; a column without one is titled by its key.
TITLES: Mapping[str, tuple[str, str]] = {
    "row": ("行", "row"),
    "layer": ("图层", "layer"),
    "a": ("要素", "feature"),
    "a_name_zh": ("要素名称", "feature name"),
    "b": ("对方要素", "other feature"),
    "b_name_zh": ("对方名称", "other name"),
    "id": ("编号", "id"),
    "name_zh": ("名称", "name (zh)"),
    "parcel_code": ("地块编号", "parcel code"),
    "landuse_code": ("用地代码", "land-use code"),
    "landuse_scheme": ("分类体系", "land-use scheme"),
    "name_en": ("英文名", "name (en)"),
    "key": ("分类", "key"),
    "key_zh": ("分类名称", "key (zh)"),
    "key_en": ("分类英文名", "key (en)"),
    "code": ("代码", "code"),
    "count": ("个数", "count"),
    "pairs": ("配对数", "pairs"),
    "area_m2": ("面积（㎡）", "area (m²)"),
    "area_ha": ("面积（公顷）", "area (ha)"),
    "area_mu": ("面积（亩）", "area (mu)"),
    "length_m": ("长度（m）", "length (m)"),
    "share": ("占比", "share"),
    "share_of_a": ("占要素比例", "share of feature"),
    "share_of_b": ("占对方比例", "share of other"),
    "share_of_geometry": ("占所绘图形比例", "share of shape"),
    "share_of_feature": ("占要素比例", "share of feature"),
    "mean_width_m": ("平均宽度（m）", "mean width (m)"),
    "sliver": ("狭长碎片", "sliver"),
    "m2_per_person": ("人均（㎡）", "m² per person"),
    "one_to_many_m2": ("一对多换算（㎡）", "one-to-many (m²)"),
    "nearest_id": ("最近要素", "nearest"),
    "nearest_name_zh": ("最近要素名称", "nearest name"),
    "nearest_distance_m": ("最近距离（m）", "nearest distance (m)"),
    "symmetric_difference_m2": ("对称差（㎡）", "symmetric difference (m²)"),
    "features": ("要素数", "features"),
    "covered_m2": ("已覆盖（㎡）", "covered (m²)"),
    "uncovered_m2": ("未覆盖（㎡）", "uncovered (m²)"),
    "double_covered_m2": ("重复覆盖（㎡）", "covered twice (m²)"),
    "residual_m2": ("残差（㎡）", "residual (m²)"),
    "closure_whole_m2": ("总面积（㎡）", "whole (m²)"),
    "closure_pairs_m2": ("配对合计（㎡）", "pairs together (m²)"),
    "closure_double_covered_m2": ("重复覆盖（㎡）", "covered twice (m²)"),
    "closure_uncovered_m2": ("未覆盖（㎡）", "uncovered (m²)"),
    "closure_residual_m2": ("残差（㎡）", "residual (m²)"),
    "closure_whole_m": ("总长度（m）", "whole (m)"),
    "closure_pairs_m": ("配对合计（m）", "pairs together (m)"),
    "closure_double_covered_m": ("重复覆盖（m）", "covered twice (m)"),
    "closure_uncovered_m": ("未覆盖（m）", "uncovered (m)"),
    "closure_residual_m": ("残差（m）", "residual (m)"),
    "slivers_count": ("碎片数", "slivers"),
    "touching_m2": ("仅相接面积（㎡）", "touching (m²)"),
    "slivers_area_m2": ("碎片面积（㎡）", "slivers (m²)"),
    "slivers_tolerance_m": ("碎片宽度上限（m）", "slivers below (m)"),
    "closes_to_1_cm2": ("合计闭合至 1 ㎠", "closes to 1 cm²"),
    "area_ellipsoidal_m2": ("椭球面积（㎡）", "ellipsoidal area (m²)"),
    "area_plane_m2": ("平面面积（㎡）", "plane area (m²)"),
    "type": ("图形类型", "type of shape"),
    "touching": ("仅相接", "touching"),
    "amount": ("数量（㎡、m 或个）", "amount (m², m or count)"),
    "lies_in": ("所在", "lies in"),
    "other_name_zh": ("对方名称", "other name"),
    "rule": ("规则", "rule"),
    "clause_zh": ("条款", "clause (zh)"),
    "clause_en": ("条款（英文）", "clause (en)"),
    "outcome": ("结论", "verdict"),
    "computed": ("计算结论", "computed verdict"),
    "feature": ("要素", "feature"),
    "other_layer": ("对方图层", "other layer"),
    "other": ("对方要素", "other feature"),
    "checked": ("检查要素数", "features checked"),
    "findings": ("发现数", "findings"),
    "distance_m": ("超出距离（m）", "too far by (m)"),
    "width_m": ("冲突宽度（m）", "width of conflict (m)"),
    "why": ("原因", "why"),
    "judged_outcome": ("人工结论", "judged"),
    "judged_by": ("判断人", "judged by"),
    "judged_reason": ("判断理由", "reason given"),
    "judged_at": ("判断时间", "judged at"),
    "judged_version": ("判断所据版本", "judged on version"),
    "judged_stands": ("判断仍有效", "judgement stands"),
    "source": ("规则出处", "source of the rule"),
    "rings_0_share": ("第一环占比", "share of first ring"),
    "rings_1_share": ("第二环占比", "share of second ring"),
    "unit": ("单位", "unit"),
    "target": ("目标", "target"),
    "before_m2": ("对比面积（㎡）", "compared area (m²)"),
    "before_ha": ("对比面积（公顷）", "compared area (ha)"),
    "before_mu": ("对比面积（亩）", "compared area (mu)"),
    "before_count": ("对比个数", "compared count"),
    "before_share": ("对比占比", "compared share"),
    "change_m2": ("增减（㎡）", "change (m²)"),
    "change_ha": ("增减（公顷）", "change (ha)"),
    "change_mu": ("增减（亩）", "change (mu)"),
    "change_share": ("占比增减", "change of share"),
    "change": ("变化", "change"),
    "scheme": ("分类体系", "scheme"),
    "translated": ("换算自", "translated from"),
    "basis": ("面积口径", "basis"),
    "evidence": ("依据", "evidence"),
    "accuracy_m": ("位置精度（m）", "accuracy (m)"),
    "versions": ("数据版本", "versions"),
    "left_out": ("未计入", "left out"),
}

#: What a difference is, in words.
CHANGES: Mapping[str, tuple[str, str]] = {
    "increase": ("增加", "increase"),
    "decrease": ("减少", "decrease"),
    "unchanged": ("不变", "unchanged"),
}
#: What each row is.
ROWS: Mapping[str, tuple[str, str]] = {
    "group": ("分组", "group"),
    "class": ("地类", "class"),
    "pair": ("配对", "pair"),
    "feature": ("要素", "feature"),
    "unclassified": ("未分类", "unclassified"),
    "overlapping": ("重复覆盖", "overlapping"),
    "uncovered": ("未覆盖", "uncovered"),
    "shape": ("所绘图形", "shape"),
    "layer": ("图层合计", "layer"),
    "total": ("合计", "total"),
    "rule": ("规则", "rule"),
    "finding": ("发现", "finding"),
    "note": ("说明", "note"),
}
#: What rules conclude.
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "conforms": ("符合", "conforms"),
    "violates": ("不符合", "violates"),
    "needs_judgement": ("需人工判断", "needs judgement"),
}
#: Codes stand beside their Chinese names: they are what other programs ask for.
_BASES = {
    "ellipsoidal": "椭球面积（ellipsoidal）",
    "plane": "高斯平面面积（plane）",
}
_CONCLUSIONS = ("computed", "judged_outcome")
_MEASURES = ("area_m2", "length_m", "count", "share")


def title(name: str, lang: str) -> str:
    """Of a column. ``rings 0-500 area_m2`` and ``by KEY area_m2`` are made of parts."""
    zh = lang == "zh"
    first, _, rest = name.partition(" ")
    label, _, measure = rest.rpartition(" ")
    if first == "rings" and measure in _MEASURES:
        ring = f"{label} 米环带" if zh else f"ring {label} m"
        return f"{ring} {title(measure, lang)}"
    if first == "by" and measure in _MEASURES:
        return f"{label} {title(measure, lang)}"
    return TITLES.get(name, (name, name))[0 if zh else 1]


def told(name: str, value: Any, lang: str) -> Any:
    """A cell, as somebody who reads that language expects it."""
    zh = lang == "zh"
    if isinstance(value, bool):
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if name == "row":
        return ROWS.get(value, (value, value))[0 if zh else 1]
    if name == "change" and value is not None:
        return CHANGES.get(value, (value, value))[0 if zh else 1]
    if name in _CONCLUSIONS and value is not None:
        return OUTCOMES.get(value, (value, value))[0 if zh else 1]
    if name == "evidence" and value is not None:
        return evidence_name(value, lang)
    if name == "basis" and zh:
        return _BASES.get(value, value)
    return value


def left_out_text(left_out: Iterable[Mapping[str, Any]], lang: str) -> str | None:
    """How many features of which layer are in no figure, and why."""
    reason = "reason_zh" if lang == "zh" else "reason"
    return "; ".join(f"{o['layer']} {o['count']} ({o[reason]})" for o in left_out) or (
        None
    )


def evidence_name(evidence: str | None, lang: str) -> str:
    """``示意（indicative）``, or the code itself."""
    if evidence is None:
        return "无要素" if lang == "zh" else "no features"
    name = EVIDENCE_NAMES.get(evidence)
    return f"{name}（{evidence}）" if lang == "zh" and name else evidence
