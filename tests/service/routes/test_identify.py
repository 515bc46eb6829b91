import pytest


def test_the_smallest_feature_at_a_position_comes_first(client) -> None:
    answer = client.get("/api/identify?lon=113.2285&lat=23.1070").json()
    found = [feature["layer"] for feature in answer["features"]]
    assert found.index("functional-groups") < found.index("district")
    assert answer["versions"]["district"] == 1


def test_layers_can_be_named(client) -> None:
    answer = client.get("/api/identify?lon=113.2285&lat=23.1070&layers=district")
    assert [f["id"] for f in answer.json()["features"]] == ["dist-liwan"]


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("", 400),
        ("lon=113", 400),
        ("lon=x&lat=23", 400),
        ("lon=113&lat=99", 400),
        ("lon=113&lat=23&tolerance_m=nan", 400),
        ("lon=113&lat=23&layers=nowhere", 404),
        ("lon=113&lat=23&zoom=3", 400),
    ],
)
def test_a_bad_question_is_refused(client, question, status) -> None:
    assert client.get(f"/api/identify?{question}").status_code == status
