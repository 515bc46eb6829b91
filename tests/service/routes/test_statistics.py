import math

import numpy as np
import pytest
import shapely
from starlette.testclient import TestClient

from geo.frame import Frame
from service.atlas import Atlas
from service.stores.base import Changes, Publication

STATISTICS = "/api/statistics"
SHAPE = {
    "type": "Polygon",
    "coordinates": [
        [[113.21, 23.09], [113.25, 23.09], [113.25, 23.12], [113.21, 23.12],
         [113.21, 23.09]]
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        "area?layer=functional-groups&by=subarea",
        "area?layer=metro-lines&by=line",
        "overlap?layer=old-villages&with=functional-groups",
        "overlap?layer=old-villages&with=functional-groups&by=subarea",
        "overlap?layer=metro-lines&with=functional-groups",
        "balance?layer=parcels&level=2",
        "balance?layer=parcels&within=district/dist-liwan",
        "proximity?layer=functional-groups&to=metro-stations&distance=800",
        "proximity?layer=old-villages&to=metro-stations&rings=0,500,800,1500",
    ],
)
def test_every_answer_names_basis_versions_and_evidence(client, question) -> None:
    answer = client.get(f"{STATISTICS}/{question}")
    assert answer.status_code == 200
    assert {
        "basis",
        "versions",
        "evidence",
        "left_out",
        "total",
    } <= answer.json().keys()


def test_indicative_geometry_marks_the_answer(client) -> None:
    answer = client.get(f"{STATISTICS}/area?layer=functional-groups").json()
    assert (answer["evidence"], answer["indicative"]) == ("indicative", True)


def test_an_answer_is_cached_by_its_versions(client) -> None:
    url = f"{STATISTICS}/area?layer=district"
    etag = client.get(url).headers["etag"]
    again = client.get(url, headers={"if-none-match": etag})
    assert again.status_code == 304


@pytest.mark.parametrize("basis", ["ellipsoidal", "plane"])
def test_the_groups_sum_to_the_belt(client, basis) -> None:
    answer = client.get(
        f"{STATISTICS}/overlap?layer=strategic-zones&with=functional-groups"
        f"&basis={basis}"
    ).json()
    assert abs(answer["total"]["closure"]["residual_m2"]) < 1e-4


def test_one_feature_can_be_asked_for_by_id(client) -> None:
    answer = client.get(
        f"{STATISTICS}/overlap?layer=functional-groups&id=grp-core&with=district"
    ).json()
    assert [pair["a"] for pair in answer["pairs"]] == ["grp-core"]


@pytest.mark.parametrize(
    ("word", "begins"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK\x03\x04")]
)
def test_sheets_can_be_taken_away(client, word, begins) -> None:
    answer = client.get(f"{STATISTICS}/area?layer=district&f={word}")
    assert answer.content.startswith(begins)
    assert answer.headers["content-disposition"].endswith(f'area.{word}"')


@pytest.mark.parametrize(
    ("question", "status", "parameter"),
    [
        ("area", 400, "layer"),
        ("area?layer=nowhere", 404, None),
        ("area?layer=district&by=colour", 400, "by"),
        ("area?layer=district&basis=mercator", 400, "basis"),
        ("area?layer=district&colour=red", 400, "colour"),
        ("area?layer=district&version=99", 404, "version"),
        ("area?layer=district&bbox=1,2,3", 400, "bbox"),
        ("area?layer=district&filter=nonsense(", 400, "filter"),
        ("area?layer=district&f=pdf", 400, "f"),
        ("overlap?layer=district", 400, "with"),
        ("overlap?layer=district&with=old-villages&limit=0", 400, "limit"),
        ("balance?layer=district", 400, "layer"),
        ("balance?layer=parcels&level=3", 400, "level"),
        ("balance?layer=parcels&compare=2", 400, "compare"),
        ("balance?layer=parcels&compare-layer=district", 400, "compare-layer"),
        ("balance?layer=parcels&scheme=own", 400, "scheme"),
        ("balance?layer=parcels&within=district", 400, "within"),
        ("balance?layer=parcels&within=district/none", 404, "within"),
        ("proximity?layer=district&to=metro-stations", 400, "distance"),
        ("proximity?layer=district&to=metro-stations&distance=-5", 400, "distance"),
        ("proximity?layer=district&to=metro-stations&rings=5,3", 400, "rings"),
        *(
            (
                f"proximity?layer=district&to=rivers&distance=9&apart={band}",
                400,
                "apart",
            )
            for band in ("", "800,500", "500", "a,b", "-1,5", "500,500")
        ),
    ],
)
def test_a_bad_question_is_refused_by_name(client, question, status, parameter) -> None:
    answer = client.get(f"{STATISTICS}/{question}")
    assert answer.status_code == status
    assert answer.json().get("parameter") == parameter
    assert answer.json()["detail_zh"]


def test_a_drawn_shape_is_asked_of_every_layer(client) -> None:
    answer = client.post(f"{STATISTICS}/overlap", json={"geometry": SHAPE}).json()
    assert answer["geometry"]["area_m2"] == pytest.approx(13_614_127.8, abs=1)
    assert {"functional-groups", "metro-lines", "parcels"} <= answer["layers"].keys()


def test_a_drawn_shape_is_asked_of_the_layers_named(client) -> None:
    body = {"geometry": SHAPE, "layers": ["old-villages"]}
    answer = client.post(f"{STATISTICS}/overlap?basis=plane", json=body).json()
    assert list(answer["layers"]) == ["old-villages"]
    assert answer["basis"] == "plane"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'{"geometry": null}', 400),
        (b'{"geometry": {"type": "Point", "coordinates": [23, 113]}}', 400),
        (b'{"geometry": {"type": "Point", "coordinates": [113, 23]}, "x": 1}', 400),
        (
            b'{"geometry": {"type": "Point", "coordinates": [113, 23]}, "layers": 1}',
            400,
        ),
        (
            b'{"geometry": {"type": "Point", "coordinates": [113, 23]},'
            b' "layers": ["nowhere"]}',
            404,
        ),
    ],
)
def test_a_bad_body_is_refused(client, body, status) -> None:
    answer = client.post(f"{STATISTICS}/overlap", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_of_a_drawn_shape_the_largest_shares_are_listed_and_the_rest_is_told(
    client,
) -> None:
    body = {"geometry": SHAPE, "layers": ["functional-groups"]}
    whole = client.post(f"{STATISTICS}/overlap", json=body).json()
    short = client.post(f"{STATISTICS}/overlap?limit=1", json=body).json()
    all_of, one_of = (a["layers"]["functional-groups"] for a in (whole, short))
    assert len(one_of["features"]) == 1
    assert one_of["total"] == all_of["total"]
    if len(all_of["features"]) > 1:
        assert short["left_out"][0]["count"] == len(all_of["features"]) - 1


def test_a_drawn_shape_has_the_same_answer_once_the_plates_are_made(client) -> None:
    first = client.post(f"{STATISTICS}/overlap", json={"geometry": SHAPE}).json()
    client.app.state.plates.settle()
    again = client.post(f"{STATISTICS}/overlap", json={"geometry": SHAPE}).json()
    for layer, part in first["layers"].items():
        other = again["layers"][layer]
        ids = [[f["id"] for f in p["features"]] for p in (part, other)]
        assert ids[0] == ids[1]
        for name in ("covered_m2", "uncovered_m2", "double_covered_m2"):
            assert part[name] == pytest.approx(other[name], abs=1e-4), layer


def test_a_drawn_shape_may_be_asked_of_the_past(client) -> None:
    body = {"geometry": SHAPE, "layers": ["functional-groups"]}
    at = "2100-01-01T00:00:00Z"
    answer = client.post(f"{STATISTICS}/overlap?as-of={at}", json=body)
    assert answer.status_code == 200
    now = client.post(f"{STATISTICS}/overlap", json=body).json()
    assert answer.json()["versions"] == now["versions"]


@pytest.mark.parametrize(
    "question",
    [
        "/api/statistics/overlap?layer=old-villages&id=vil-heshacun&with=district",
        "/api/statistics/overlap?layer=metro-stations&bbox=113.2,23.1,113.22,23.12"
        "&with=functional-groups",
        "/api/identify?lon=113.23&lat=23.1&tolerance_m=300",
    ],
)
def test_a_part_that_is_read_alone_answers_as_the_whole(
    client, monkeypatch, question
) -> None:
    state = client.app.state
    whole = client.get(question).json()
    monkeypatch.setattr("service.statistics.reading._FEW", 0)
    monkeypatch.setattr(state.atlas.snapshots, "held", lambda *key: None)
    if hasattr(state, "kept_statistics"):
        del state.kept_statistics
    assert client.get(question).json() == whole


def test_what_lies_around_a_point_has_the_circles_area(client: TestClient) -> None:
    point = {"type": "Point", "coordinates": [113.24, 23.09]}
    url = "/api/statistics/reach"
    around = client.post(f"{url}?distance=500", json={"geometry": point}).json()
    asked = {"geometry": around["geometry"], "layers": ["district"]}
    drawn = client.post("/api/statistics/overlap", json=asked).json()["geometry"]
    assert drawn["area_m2"] == pytest.approx(math.pi * 500**2, rel=1e-4)


def test_the_bands_of_distance_hold_every_feature_once(client: TestClient) -> None:
    asked = (
        "/api/statistics/proximity?layer=old-villages&to=metro-stations&distance=800"
    )
    whole = client.get(asked).json()["features"]
    bands = [
        client.get(f"{asked}&apart={band}").json()["features"]
        for band in ("0,500", "500,800", "800,1000", "1000,")
    ]
    assert sorted(f["id"] for band in bands for f in band) == sorted(
        f["id"] for f in whole
    )
    assert all(500 <= f["nearest"]["distance_m"] < 800 for f in bands[1])
    assert bands[1]
    counted = client.get(f"{asked}&limit=1&bands=500,800,1000").json()["bands"]
    assert [band["count"] for band in counted] == [len(band) for band in bands]
    assert [band["to_m"] for band in counted] == [500, 800, 1000, None]


def test_the_items_of_a_band_are_those_the_statistics_list(client: TestClient) -> None:
    asked = "layer=old-villages&to=metro-stations&distance=800&apart=500,800"
    listed = client.get(f"{STATISTICS}/proximity?{asked}").json()["features"]
    url = "/api/collections/old-villages/items?to=metro-stations&limit=100"
    page = client.get(f"{url}&apart=500,800&sortby=name_zh").json()
    assert sorted(f["id"] for f in page["features"]) == [f["id"] for f in listed]
    assert page["numberMatched"] == len(listed) > 1
    one = listed[0]["id"]
    both = client.get(f"{url}&apart=500,800&filter=id='{one}'").json()
    assert [f["id"] for f in both["features"]] == [one]
    table = client.get(f"{url}&apart=500,800&f=csv").text
    assert len(table.strip().splitlines()) == len(listed) + 1
    assert client.get(f"{url}&apart=70000,80000").json()["features"] == []


def test_a_band_of_items_needs_both_its_parameters(client: TestClient) -> None:
    url = "/api/collections/old-villages/items"
    for query in ("to=metro-stations", "apart=0,500", "to-filter=id='a'"):
        answer = client.get(f"{url}?{query}")
        assert (answer.status_code, "detail_zh" in answer.json()) == (400, True)


def test_a_reach_needs_its_distance(client: TestClient) -> None:
    point = {"type": "Point", "coordinates": [113.24, 23.09]}
    answer = client.post("/api/statistics/reach", json={"geometry": point})
    assert answer.status_code == 400
    assert "distance" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("question", "status", "says"),
    [
        ("balance?layer=parcels&within=metro-lines/met-1", 400, "has no area"),
        ("balance?layer=functional-groups", 400, "no land-use class"),
        ("area?layer=functional-groups&id=grp-nowhere", 404, "no feature"),
        ("overlap?layer=tunnels&id=grp-core&with=district", 404, "no feature"),
        ("balance?layer=parcels&within=district", 400, "dist-liwan"),
    ],
)
def test_what_would_be_a_wrong_number_is_refused(
    client, question, status, says
) -> None:
    answer = client.get(f"{STATISTICS}/{question}")
    assert answer.status_code == status
    assert says in answer.json()["detail"]
    assert answer.json()["detail_zh"]


def test_lines_close_in_metres(client) -> None:
    url = f"{STATISTICS}/overlap?layer=metro-lines&with=strategic-zones"
    closure = client.get(url).json()["total"]["closure"]
    parts = closure["pairs_m"] - closure["double_covered_m"] + closure["uncovered_m"]
    assert closure["whole_m"] > 0
    assert abs(closure["residual_m"]) < 1e-4
    assert parts + closure["residual_m"] == pytest.approx(closure["whole_m"])


def test_a_shape_far_from_its_meridian_has_no_area_on_the_plane(client) -> None:
    far = [[2.3, 48.8], [2.31, 48.8], [2.31, 48.81], [2.3, 48.8]]
    body = {"geometry": {"type": "Polygon", "coordinates": [far]}}
    url = f"{STATISTICS}/overlap"
    assert client.post(url, json=body).json()["geometry"]["area_plane_m2"] is None
    refused = client.post(f"{url}?basis=plane", json=body)
    assert refused.status_code == 400
    assert refused.json()["code"] == "outside_plane"


def test_versions_of_two_schemes_are_compared_in_the_one_that_both_reach(
    client: TestClient, atlas: Atlas
) -> None:
    """Whichever of them stands first."""
    for base, (code, scheme) in enumerate([("0601", "sandiao"), ("100101", "mnr2023")]):
        shape = np.array([shapely.box(113.22, 23.08, 113.23, 23.09)], dtype=object)
        columns = {
            "landuse_code": np.array([code], dtype=object),
            "landuse_scheme": np.array([scheme], dtype=object),
        }
        frame = Frame(np.array(["p1"], dtype=object), shape, columns)
        none = np.array([], dtype=object)
        at = Publication("parcels", base + 1, "editor Li")
        atlas.store.publish(Changes(frame, none), at)
    address = "/api/statistics/balance?layer=parcels"
    for now, before in ((2, 3), (3, 2)):
        answer = client.get(f"{address}&version={now}&compare={before}").json()
        assert answer["scheme"] == "mnr2023"
        assert [(r["code"], r["change"]) for r in answer["rows"]] == [
            ("10", "unchanged")
        ]
    asked = client.get(f"{address}&version=2&compare=3&scheme=sandiao").json()
    assert asked["scheme"] == "sandiao"
    refused = client.get(f"{address}&version=2&scheme=gb50137")
    assert (refused.status_code, refused.json()["code"]) == (422, "no_crosswalk")
