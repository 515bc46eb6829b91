import numpy as np
import pytest
import shapely

from geo.frame import Frame
from service.statistics.rules import rules
from service.statistics.trying import run_rules
from service.stores.base import Changes, Publication
from tests.service.routes.test_checks import RUN, finding, table

JUDGEMENTS = "/api/checks/judgements"
FINDING = {
    "rule": "village-in-group",
    "feature": "vil-18-hainan",
    "version": 1,
    "outcome": "conforms",
    "reason": "the street office drew it there",
}


def judge(client, as_role, **other):
    headers = as_role["reviewer"]
    return client.post(JUDGEMENTS, json={**FINDING, **other}, headers=headers)


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


def test_a_judgement_is_in_the_sheet(client, as_role) -> None:
    judge(client, as_role)
    rows = table(client.get(f"{RUN}?rule=village-in-group&f=csv&lang=en"))
    (row,) = [r for r in rows if r["feature"] == "vil-18-hainan"]
    assert (row["verdict"], row["judged by"]) == ("conforms", "reviewer Li")
    assert row["reason given"] == FINDING["reason"]
    assert row["computed verdict"] == "needs judgement"


def test_a_judgement_is_withdrawn_and_its_history_stays(client, as_role) -> None:
    judge(client, as_role)
    answer = judge(client, as_role, outcome="withdrawn", reason="drawn wrongly")
    assert answer.status_code == 201
    assert finding(client)["judgement"] is None
    told = client.get(f"{JUDGEMENTS}?feature=vil-18-hainan").json()["judgements"]
    assert [(j["outcome"], j["last"]) for j in told[:2]] == [
        ("withdrawn", False),
        ("conforms", False),
    ]


def test_what_was_never_judged_cannot_be_withdrawn(client, as_role) -> None:
    wanted = {"feature": "vil-01-xijiao", "outcome": "withdrawn"}
    assert judge(client, as_role, **wanted).status_code == 400


def test_what_no_rule_found_cannot_be_judged(client, as_role) -> None:
    answer = judge(client, as_role, rule="park-area", feature="park-58mu")
    assert (answer.status_code, answer.json()["parameter"]) == (404, "feature")


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_asked_for_in_both_languages(client, as_role, reason) -> None:
    answer = judge(client, as_role, reason=reason).json()
    assert "reason" in answer["detail"]
    assert "reason" in answer["detail_zh"]


def test_a_rule_as_a_whole_is_judged(client, as_role) -> None:
    body = {"rule": "groups-apart", "version": 1, "outcome": "conforms",
            "reason": "seen on the ground"}  # fmt: skip
    made = client.post(JUDGEMENTS, json=body, headers=as_role["reviewer"])
    assert made.status_code == 201
    (check,) = client.get(f"{RUN}?rule=groups-apart").json()["checks"]
    assert (check["outcome"], check["computed"]) == ("conforms", "needs_judgement")
    assert check["judgement"]["by"] == "reviewer Li"


def publish(atlas, change, *ids):
    """The villages of these ids, changed, as the next version."""
    store, layer = atlas.store, "old-villages"
    base = store.current_version(layer)
    frame = store.frame(layer, base)
    rows = np.flatnonzero(np.isin(frame.ids, ids))
    changed = change(frame.take(rows))
    none = np.array([], dtype=object)
    store.publish(Changes(changed, none), Publication(layer, base, "editor Li"))


def renamed(frame):
    return Frame(frame.ids, frame.geometry, {**frame.columns, "name_en": frame.ids})


def moved(frame):
    shapes = shapely.transform(frame.geometry, lambda at: at + np.array([0.0005, 0]))
    return Frame(frame.ids, shapes, frame.columns)


def test_a_judgement_outlives_versions_until_its_conflict_changes(
    client, as_role, atlas
) -> None:
    judge(client, as_role)
    publish(atlas, renamed, "vil-01-xijiao", "vil-18-hainan")
    stands = finding(client)
    publish(atlas, moved, "vil-18-hainan")
    outdated = finding(client)
    assert (stands["outcome"], stands["judgement"]["earlier"]) == ("conforms", True)
    assert outdated["outcome"] == outdated["computed"] != "conforms"
    assert outdated["judgement"]["stands"] is False
    assert finding(client, "rule=village-in-group&version=1")["outcome"] == "conforms"


@pytest.mark.parametrize("basis", ["ellipsoidal", "plane"])
def test_a_feature_alone_is_found_what_it_is_found_among_all(atlas, basis) -> None:
    """So that a judgement need not run its rule on everything."""
    known = rules()
    versions = atlas.store.current_versions()
    for check in run_rules(atlas, [*known.values()], versions, basis=basis):
        rule = known[check["rule"]["id"]]
        for feature in {found["feature"] for found in check["findings"]}:
            (alone,) = run_rules(atlas, [rule], versions, basis=basis, about=feature)
            assert _of(alone, feature) == _of(check, feature)


def _of(check, feature):
    return [
        (found["other"], found["computed"], pytest.approx(found["amount"], abs=1e-6))
        for found in check["findings"]
        if found["feature"] == feature
    ]
