import csv
import io
import json

import openpyxl
import pytest

SHAPE = {
    "type": "Polygon",
    "coordinates": [
        [[113.21, 23.09], [113.25, 23.09], [113.25, 23.12], [113.21, 23.12],
         [113.21, 23.09]]
    ],
}  # fmt: skip


def sent_parcel(client, headers, shape=SHAPE):
    """An upload of one parcel."""
    feature = {"type": "Feature", "id": "p-1", "geometry": shape,
               "properties": {"landuse_code": "0701"}}  # fmt: skip
    body = {"type": "FeatureCollection", "features": [feature]}
    return client.post(
        "/api/uploads",
        files={"file": ("p.geojson", json.dumps(body))},
        data={"layer": "parcels"},
        headers=headers,
    ).json()


def test_rules_are_data(client) -> None:
    rules = client.get("/api/checks").json()["rules"]
    assert {"clause_zh", "clause_en", "source", "predicate"} <= rules[0].keys()


def test_all_rules_run_on_the_current_versions(client) -> None:
    answer = client.get("/api/checks/run").json()
    assert sum(answer["outcomes"].values()) == len(answer["checks"])
    assert answer["versions"]["functional-groups"] == 1


def test_the_groups_do_not_overlap_and_leave_no_gap(client) -> None:
    answer = client.get("/api/checks/run?layer=functional-groups").json()
    tiling = client.get("/api/checks/run?rule=groups-tile-belt").json()
    assert [c["findings_total"] for c in answer["checks"]] == [0]
    assert [c["findings_total"] for c in tiling["checks"]] == [0]


def test_the_park_has_its_58_mu(client) -> None:
    (check,) = client.get("/api/checks/run?rule=park-area").json()["checks"]
    assert check["findings"] == []


def test_a_drawn_parcel_is_tried(client) -> None:
    body = {
        "layer": "parcels",
        "geometry": SHAPE,
        "properties": {"landuse_code": "0101"},
    }
    answer = client.post("/api/checks/run", json=body).json()
    by_rule = {check["rule"]["id"]: check for check in answer["checks"]}
    assert by_rule["farmland-clear-of-villages"]["findings_total"] > 0
    assert by_rule["parcels-in-district"]["outcome"] == "violates"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"geometry": SHAPE, "changeset": "x"}, 400),
        ({"geometry": SHAPE, "layer": "nowhere"}, 404),
        ({"geometry": SHAPE, "layer": "parcels", "rules": ["nope"]}, 404),
        ({"changeset": "x"}, 401),
        ({"upload": "x"}, 401),
        ({"upload": "x", "changeset": "x"}, 400),
        ({"geometry": SHAPE, "colour": "red"}, 422),
    ],
)
def test_a_bad_trial_is_refused(client, body, status) -> None:
    assert client.post("/api/checks/run", json=body).status_code in (status, 400)


@pytest.mark.parametrize(
    ("question", "status"),
    [("rule=nope", 404), ("layer=nowhere", 404), ("colour=red", 400)],
)
def test_a_bad_question_is_refused(client, question, status) -> None:
    assert client.get(f"/api/checks/run?{question}").status_code == status


def test_a_changeset_is_tried_before_it_is_approved(client, as_role) -> None:
    sent = sent_parcel(client, as_role["editor"])
    made = client.post(f"/api/uploads/{sent['id']}/submit", headers=as_role["editor"])
    answer = client.post(
        "/api/checks/run", json={"changeset": made.json()["id"]},
        headers=as_role["editor"],
    )  # fmt: skip
    by_rule = {check["rule"]["id"]: check for check in answer.json()["checks"]}
    assert by_rule["parcels-in-district"]["findings"][0]["feature"]


def test_an_upload_is_tried_before_it_is_submitted(client, as_role) -> None:
    sent = sent_parcel(client, as_role["editor"])
    answer = client.post(
        "/api/checks/run", json={"upload": sent["id"]}, headers=as_role["editor"]
    ).json()
    by_rule = {check["rule"]["id"]: check for check in answer["checks"]}
    assert sum(answer["outcomes"].values()) == len(answer["checks"])
    assert by_rule["parcels-in-district"]["findings"][0]["feature"] == "p-1"
    assert (
        client.get(f"/api/uploads/{sent['id']}", headers=as_role["editor"]).json()[
            "status"
        ]
        == "diagnosed"
    )


def test_an_upload_is_tried_by_who_may_read_it(client, as_role) -> None:
    sent = sent_parcel(client, as_role["editor"])
    body = {"upload": sent["id"]}
    statuses = {
        role: client.post("/api/checks/run", json=body, headers=as_role[role])
        for role in ("viewer", "reviewer")
    }
    assert statuses["viewer"].status_code == 403
    assert statuses["reviewer"].status_code == 200


def test_an_upload_to_other_layers_is_not_there(client, as_role, atlas) -> None:
    sent = sent_parcel(client, as_role["editor"])
    _, token = atlas.accounts.create("somebody else", "editor", layers=["district"])
    answer = client.post(
        "/api/checks/run",
        json={"upload": sent["id"]},
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 404


def test_an_upload_that_failed_cannot_be_tried(client, as_role, atlas) -> None:
    sent = sent_parcel(client, as_role["editor"])
    record = atlas.store.get("upload", sent["id"])
    atlas.store.put("upload", sent["id"], {**record.data, "status": "failed"})
    answer = client.post(
        "/api/checks/run", json={"upload": sent["id"]}, headers=as_role["editor"]
    )
    assert answer.status_code == 409
    assert answer.json()["status_now"] == "failed"


def test_a_line_is_not_held_against_the_rules_of_areas(client) -> None:
    line = {"type": "LineString", "coordinates": [[113.22, 23.09], [113.24, 23.09]]}
    body = {"geometry": line, "layer": "old-villages"}
    answer = client.post("/api/checks/run", json=body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "wrong_kind"
    assert "面" in answer.json()["detail_zh"]


RUN = "/api/checks/run"


def table(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def finding(client, query="rule=village-in-group", feature="vil-18-hainan"):
    (check,) = client.get(f"{RUN}?{query}").json()["checks"]
    return {f["feature"]: f for f in check["findings"]}[feature]


def test_csv_holds_the_figures_of_json(client) -> None:
    answer = client.get(f"{RUN}?rule=village-in-group&f=csv&lang=en")
    rows = table(answer)
    (check,) = client.get(f"{RUN}?rule=village-in-group").json()["checks"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert [r["row"] for r in rows] == ["rule", *["finding"] * len(check["findings"])]
    for row, found in zip(rows[1:], check["findings"], strict=True):
        assert float(row["area (m²)"]) == found["area_m2"]
        assert float(row["area (mu)"]) == found["area_mu"]
        assert float(row["width of conflict (m)"]) == found["width_m"]
        assert row["versions"] == "old-villages=1 functional-groups=1"
        assert row["source of the rule"] and row["basis"] == "ellipsoidal"


def test_a_workbook_holds_the_findings_and_its_notes(client) -> None:
    answer = client.get(f"{RUN}?rule=village-in-group&f=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    titles = [cell.value for cell in book["统计"][1]]
    assert {"规则", "条款", "结论", "面积（亩）", "判断人", "规则出处"} <= {*titles}
    assert "说明" in book.sheetnames


@pytest.mark.parametrize(
    ("lang", "sheet", "head"), [("zh", "结论", "规则与要素"), ("en", "findings", "why")]
)
def test_what_a_person_reads_first_is_a_page_wide(client, lang, sheet, head) -> None:
    answer = client.get(f"{RUN}?rule=village-in-group&f=xlsx&lang={lang}")
    first, every, _ = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    assert first.title == sheet
    assert head in [cell.value for cell in first[1]]
    (check,) = client.get(f"{RUN}?rule=village-in-group").json()["checks"]
    found = check["findings"][0]
    row = [str(cell.value) for cell in first[3]]
    assert found["feature"] in row[0] and f"{found['area_mu']:,.2f}" in row[2]
    assert first.max_row == every.max_row == 2 + len(check["findings"])
    for each in (first, every):
        assert each.page_setup.orientation == "landscape"
        assert each.sheet_properties.pageSetUpPr.fitToPage
        assert (each.page_setup.fitToWidth or 1, each.page_setup.fitToHeight) == (1, 0)


def test_a_drawn_shape_is_told_as_a_sheet_too(client) -> None:
    answer = client.post(f"{RUN}?f=csv", json={"geometry": SHAPE, "layer": "parcels"})
    assert {"parcels-in-district"} <= {row["规则"] for row in table(answer)}


def test_a_basis_may_be_chosen(client) -> None:
    plane = finding(client, "rule=village-in-group&basis=plane")
    assert plane["area_m2"] == pytest.approx(finding(client)["area_m2"], rel=1e-3)
    assert plane["area_m2"] != finding(client)["area_m2"]


def test_a_collection_is_checked_feature_by_feature(client) -> None:
    features = [
        {"type": "Feature", "id": id, "geometry": SHAPE, "properties": {}}
        for id in ("one", "two")
    ]
    body = {"geometry": {"type": "FeatureCollection", "features": features}}
    checks = client.post(RUN, json=body).json()["checks"]
    apart = {c["rule"]["id"]: c for c in checks}["parcels-apart"]
    assert [(f["feature"], f["other"]) for f in apart["findings"]] == [("one", "two")]


def test_the_feature_that_is_wrong_is_named(client) -> None:
    good = {"type": "Feature", "geometry": SHAPE, "properties": {}}
    bad = {"type": "Feature", "geometry": None, "properties": {}}
    body = {"geometry": {"type": "FeatureCollection", "features": [good, bad]}}
    answer = client.post(RUN, json=body)
    assert answer.status_code == 400
    assert "Feature 2 of 2" in answer.json()["detail"]
    assert "第 2 个要素" in answer.json()["detail_zh"]


def test_a_property_that_the_layer_does_not_have_is_told(client) -> None:
    body = {"layer": "parcels", "geometry": SHAPE, "properties": {"landuse": "0101"}}
    answer = client.post("/api/checks/run", json=body)
    assert answer.status_code == 400
    assert "landuse_code" in answer.json()["detail"]


@pytest.mark.parametrize(
    "properties",
    [{"area_stated_mu": "58 mu"}, {"area_stated_mu": True}, {"accuracy_m": []}, [1]],
)
def test_a_property_that_is_no_number_is_told(client, properties) -> None:
    given = {"type": "Feature", "geometry": SHAPE, "properties": properties}
    body = {"layer": "industrial-parks", "geometry": given}
    answer = client.post(RUN, json=body)
    assert answer.status_code == 400
    assert answer.json()["parameter"] in ("properties", *properties)


def test_a_rule_of_another_layer_is_refused_for_a_shape(client) -> None:
    body = {"geometry": SHAPE, "layer": "parcels", "rules": ["groups-apart"]}
    answer = client.post(RUN, json=body)
    assert (answer.status_code, answer.json()["parameter"]) == (400, "rules")


def test_a_layer_without_rules_is_told_so_and_where_there_are_some(client) -> None:
    answer = client.get("/api/checks/run?layer=metro-lines").json()
    (note,) = answer["notes"]
    assert answer["checks"] == []
    assert note["code"] == "no_rule"
    assert "'metro-lines'" in note["en"] and "parcels-apart" in note["en"]
    assert "metro-lines" in note["zh"] and "并不表示符合" in note["zh"]
    sheet = client.get("/api/checks/run?layer=metro-lines&f=csv&lang=zh").text
    rows = list(csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff"))))
    assert [(row["行"], row["原因"]) for row in rows] == [("说明", note["zh"])]
    book = client.get("/api/checks/run?layer=metro-lines&f=xlsx&lang=en").content
    cells = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    assert cells["A2"].value == note["en"]


def test_a_shape_tried_on_a_layer_without_rules_is_told_so(client) -> None:
    shape = {"type": "LineString", "coordinates": [[113.21, 23.09], [113.25, 23.1]]}
    trial = {"layer": "metro-lines", "geometry": shape}
    answer = client.post("/api/checks/run", json=trial).json()
    assert [note["code"] for note in answer["notes"] if "code" in note] == ["no_rule"]


def test_a_rule_of_another_layer_is_refused(client) -> None:
    answer = client.get("/api/checks/run?rule=parcels-apart&layer=metro-lines")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "rule"
