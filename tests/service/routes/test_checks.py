import json

import pytest

SHAPE = {
    "type": "Polygon",
    "coordinates": [
        [[113.21, 23.09], [113.25, 23.09], [113.25, 23.12], [113.21, 23.12],
         [113.21, 23.09]]
    ],
}  # fmt: skip
FINDING = {
    "rule": "village-in-group",
    "feature": "vil-18-hainan",
    "version": 1,
    "outcome": "conforms",
    "reason": "the street office drew it there",
}


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


def test_only_a_reviewer_may_judge(client, as_role) -> None:
    url = "/api/checks/judgements"
    assert client.post(url, json=FINDING).status_code == 401
    answer = client.post(url, json=FINDING, headers=as_role["editor"])
    assert answer.status_code == 403


def test_a_judgement_is_kept_with_name_and_reason(client, as_role) -> None:
    url = "/api/checks/judgements"
    made = client.post(url, json=FINDING, headers=as_role["reviewer"])
    assert made.status_code == 201
    kept = client.get(url).json()["judgements"]
    assert [(k["feature"], k["by"]) for k in kept] == [("vil-18-hainan", "reviewer Li")]
    checks = client.get("/api/checks/run?rule=village-in-group").json()["checks"]
    judged = {f["feature"]: f for f in checks[0]["findings"]}["vil-18-hainan"]
    assert judged["outcome"] == "conforms"
    assert judged["judgement"]["reason"] == FINDING["reason"]


def test_a_version_that_does_not_exist_cannot_be_judged(client, as_role) -> None:
    answer = client.post(
        "/api/checks/judgements",
        json={**FINDING, "version": 99},
        headers=as_role["reviewer"],
    )
    assert answer.status_code == 404


def test_a_feature_that_does_not_exist_cannot_be_judged(client, as_role) -> None:
    answer = client.post(
        "/api/checks/judgements",
        json={**FINDING, "feature": "nobody"},
        headers=as_role["reviewer"],
    )
    assert (answer.status_code, answer.json()["parameter"]) == (404, "feature")


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
