"""Words that a walk through the page looks for in one language stand in the other, too:
a walk takes seconds, and but for its words a second one shows nothing new."""

from __future__ import annotations

import pytest

from .words import said


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("action.cancel", "取消", "Cancel"),
        ("balance.more", "增加", "more"),
        ("review.change_attributes", "属性", "Attributes"),
        ("draw.crossing", "相交", "cross"),
        ("draw.keep.login", "编辑员令牌", "editor’s token"),
        ("highlight.rows", "列出", "List"),
        ("jobs.approved", "已批准发布", "was approved"),
        ("jobs.checked", "检查完成", "has been checked"),
        ("jobs.making", "服务器正在生成", "The service is making it"),
        ("jobs.saved", "已保存", "is saved"),
        ("login.again.say", "的登录已经结束", "has ended"),
        ("print.shape.name", "图形名称", "Name of the shape"),
        ("rest.first", "列出前 {n} 条，共 {all} 条", "The first {n} of {all}"),
        ("stats.closed", "全部", "Whole"),
        ("stats.scope.selected", "选中", "Selected"),
        ("table.widen", "清除", "Clear"),
        ("upload.cancel", "取消", "Cancel"),
        ("upload.fileLayer", "文件中的图层", "Layer of the file"),
        ("walk.at", "共 ", " of "),
    ],
)
def test_what_is_looked_for_is_said_in_both_languages(
    key: str, zh: str, en: str
) -> None:
    assert zh in said("zh", key)
    assert en in said("en", key)
