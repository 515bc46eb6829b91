"""Drawing meets what is there; a file dropped on the map stays private."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
RING = [[113.22, 23.08], [113.24, 23.08], [113.24, 23.1], [113.22, 23.08]]
CORNER = """async () => {
  const { state } = await import('/static/js/state.js');
  const { fetchFeature } = await import('/static/js/features.js');
  const f = await fetchFeature('functional-groups', 'grp-julong');
  const ring = f.geometry.coordinates.flat(f.geometry.type === 'Polygon' ? 0 : 1)[0];
  return ring[0];
}"""
POINTS = """async () =>
  (await import('/static/js/sketch.js')).sketch.value.points"""
DROP = """(files) => {
  const data = new DataTransfer();
  files.forEach(([text, name]) => data.items.add(new File([text], name)));
  const drop = new DragEvent('drop', {dataTransfer: data, bubbles: true});
  document.getElementById('map').dispatchEvent(drop);
}"""


def test_a_point_near_a_vertex_snaps_to_it_and_ctrl_z_takes_it_back(visit) -> None:
    page = visit("/")
    lng, lat = page.evaluate(CORNER)
    visit(f"/?c={lng},{lat}&z=16")
    page.wait_for_timeout(500)
    page.keyboard.press("d")
    box = page.locator("#map").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(middle[0] + 5, middle[1] + 4)
    assert page.evaluate(POINTS) == [[lng, lat]]
    page.keyboard.press("Control+z")
    assert page.evaluate(POINTS) == []


def test_a_dropped_file_is_answered_and_stays_out_of_the_address(visit) -> None:
    page = visit("/")
    shape = json.dumps({"type": "Polygon", "coordinates": [RING]})
    page.evaluate(DROP, [[shape, "secret.geojson"]])
    expect(page.locator("#inspector .area-table")).to_be_visible()
    page.wait_for_timeout(600)
    assert "draw=" not in page.url


CORNERS = """[属性描述]
格式版本号=1.01
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=38
精度=0.001
转换参数=0,0,0,0,0,0,0
[地块坐标]
4,1.0,甲,一号地,面,,住宅,,@
J1,1,2555000.000,38422000.000
J2,1,2555000.000,38422200.000
J3,1,2555200.000,38422200.000
J4,1,2555200.000,38422000.000
J1,1,2555000.000,38422000.000
4,1.0,乙,二号地,面,,住宅,,@
J1,1,2555000.000,38422200.000
J2,1,2555000.000,38422400.000
J3,1,2555200.000,38422400.000
J4,1,2555200.000,38422200.000
J1,1,2555000.000,38422200.000
"""


@pytest.mark.parametrize(
    ("lang", "whole"), [("zh", "全部 2 块合在一起"), ("en", "All 2 together")]
)
def test_a_surveyors_text_is_read_and_either_plot_or_both_asked_about(
    visit, lang: str, whole: str
) -> None:
    page = visit(f"/?lang={lang}")
    page.evaluate(DROP, [[CORNERS, "plots.txt"]])
    look = page.locator(".file-look")
    expect(look).to_contain_text("第 38 带" if lang == "zh" else "zone 38")
    shape = look.locator("select").first
    expect(shape.locator("option").first).to_have_text(whole)
    # 200 m by 400 m on the plane: eight hectares, 120 亩.
    expect(page.locator("#inspector .area-table")).to_contain_text("120.")
    shape.select_option(index=1)
    expect(page.locator("#inspector .area-table")).to_contain_text("60.")


def test_a_file_that_lies_nowhere_known_asks_where(visit) -> None:
    page = visit("/")
    text = "id,x,y\n" + "".join(f"{n},{n * 10},{n * 7}\n" for n in range(1, 5))
    page.evaluate(DROP, [[text, "points.csv"]])
    expect(page.locator("#inspector .file-look .field-error")).to_be_visible()


def test_what_is_no_map_file_says_which_formats_are_read(visit) -> None:
    page = visit("/")
    page.evaluate(DROP, [["hello", "notes.docx"]])
    expect(page.locator("#inspector .file-look .field-error")).to_contain_text(".shp")


def test_several_files_are_one_question_with_all_of_them_first(visit) -> None:
    page = visit("/")
    east = [[x + 0.02, y] for x, y in RING]
    files = [
        [json.dumps({"type": "Polygon", "coordinates": [ring]}), f"{name}.geojson"]
        for name, ring in (("west", RING), ("east", east))
    ]
    page.evaluate(DROP, files)
    look = page.locator("#inspector .file-look")
    expect(look.get_by_role("heading")).to_contain_text("west.geojson 等 2 个文件")
    look.get_by_label("图层").select_option("*geojson")
    expect(look).to_contain_text("2 个要素")
    expect(page.locator("#inspector .area-table")).to_be_visible()
    look.get_by_label("图层").select_option("east")
    expect(look).to_contain_text("1 个要素")


def test_the_text_of_a_boundary_point_file_is_read_like_the_file(visit) -> None:
    page = visit("/")
    page.keyboard.press("d")
    rows = [
        f"J{i},1,{n},{e}"
        for i, (n, e) in enumerate(
            [(2556000, 38421000), (2556000, 38421100), (2556100, 38421100)], start=1
        )
    ]
    page.locator("#inspector textarea").fill(
        "\n".join(
            [
                "[属性描述]",
                "带号=38",
                "[地块坐标]",
                "3,0.5,1,甲,面,,,,@",
                *rows,
                rows[0],
            ]
        )
    )
    page.get_by_role("button", name="按坐标成图").click()
    expect(page.locator("#inspector .area-table")).to_contain_text("0.5")
    expect(page.locator("#inspector")).to_contain_text("pasted.txt")


def test_a_pasted_line_answers_with_lengths_and_keeps_in_the_link(visit) -> None:
    page = visit("/")
    page.keyboard.press("d")
    page.locator("#inspector textarea").fill("LINESTRING(113.22 23.08, 113.24 23.1)")
    page.get_by_role("button", name="按坐标成图").click()
    district = page.locator("[data-overlap-layer=strategic-zones]")
    expect(district).to_contain_text("3.02 公里")
    page.wait_for_url("**draw=bits:L**")
    page.reload()
    expect(district).to_contain_text("3.02 公里")
    expect(page.locator("#inspector h2").first).to_have_text("画图问询")


def test_a_point_is_drawn_by_one_click_and_answers_what_is_there(visit) -> None:
    page = visit("/?c=113.22,23.08&z=15")
    page.keyboard.press("d")
    page.locator("#inspector .segment").filter(has_text="点").click()
    page.mouse.click(600, 400)
    expect(page.locator("[data-overlap-layer=platforms]")).to_contain_text("范围内")
    expect(page.locator("#inspector .area-table")).to_contain_text("EPSG:4547")


def test_a_file_of_lines_answers_with_their_lengths(visit) -> None:
    page = visit("/")
    lines = [RING[:2], RING[1:3]]
    text = json.dumps({"type": "MultiLineString", "coordinates": lines})
    page.evaluate(DROP, [[text, "roads.geojson"]])
    expect(page.locator("#inspector .area-table")).to_contain_text("公里")
    expect(page.locator("[data-overlap-layer=platforms]")).to_contain_text("公里")
