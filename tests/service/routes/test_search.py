"""GET /api/search over HTTP."""

import pytest
from starlette.testclient import TestClient


def test_a_search_names_what_it_read(client: TestClient) -> None:
    body = client.get("/api/search", params={"q": "大坦沙"}).json()
    assert body["results"][0]["name_zh"].startswith("大坦沙")
    assert body["versions"]["functional-groups"] == 1


def test_what_is_titled_so_leaves_nothing_to_guess(client: TestClient) -> None:
    body = client.get("/api/search", params={"q": "huiguyuhuanjing"}).json()
    assert body["documents"][0]["chapter"] == "1"
    assert body["results"] == [] and body["alike"] is False


def test_a_search_may_be_narrowed_to_layers(client: TestClient) -> None:
    query = {"q": "村", "layers": "old-villages", "limit": "50"}
    found = client.get("/api/search", params=query).json()["results"]
    assert len(found) == 20
    assert {each["layer"] for each in found} == {"old-villages"}


@pytest.mark.parametrize(
    "query", [{}, {"q": " "}, {"q": "长" * 101}, {"q": "a", "limit": "0"}]
)
def test_a_bad_query_is_refused_in_both_languages(
    client: TestClient, query: dict[str, str]
) -> None:
    answer = client.get("/api/search", params=query)
    assert answer.status_code == 400
    assert answer.json()["detail_zh"]


def test_an_unknown_layer_is_not_found(client: TestClient) -> None:
    answer = client.get("/api/search", params={"q": "a", "layers": "nowhere"})
    assert answer.status_code == 404


def test_the_same_search_is_not_sent_twice(client: TestClient) -> None:
    first = client.get("/api/search", params={"q": "村"})
    held = {"if-none-match": first.headers["etag"]}
    again = client.get("/api/search", params={"q": "村"}, headers=held)
    assert again.status_code == 304


@pytest.mark.parametrize("query", ["%", "_", "(", "[a", "\\", ".*", "'\"", "\u0000"])
def test_signs_with_a_meaning_elsewhere_are_just_text(
    client: TestClient, query: str
) -> None:
    assert client.get("/api/search", params={"q": query}).status_code in (200, 400)


@pytest.mark.parametrize(
    ("said", "layer"),
    [
        ("旧村改造", "old-villages"),
        ("哪里有旧村改造", "old-villages"),
        ("地铁站", "metro-stations"),
        ("metro station", "metro-stations"),
        ("1+11组团", "functional-groups"),
        ("历史文化街区", "historic-blocks"),
        ("bridges", "bridges"),
    ],
)
def test_a_whole_layer_is_found_as_people_call_it(
    client: TestClient, said: str, layer: str
) -> None:
    found = client.get("/api/search", params={"q": said}).json()["layers"]
    assert found[0]["collection"] == layer
    assert found[0]["begins"]


@pytest.mark.parametrize("number", ["荔府[2021]4号", "荔府【2021】4号"])
def test_a_documents_number_is_found_in_any_brackets(
    client: TestClient, number: str
) -> None:
    body = client.get("/api/search", params={"q": number}).json()
    assert body["documents"][0]["chapter"] is None


def test_a_section_leads_to_its_chapter(client: TestClient) -> None:
    body = client.get("/api/search", params={"q": "第四章第二节"}).json()
    assert body["documents"] and body["alike"] is False


@pytest.mark.parametrize(
    "asked", ["地铁站附近的旧村", "old villages near metro stations"]
)
def test_a_question_of_nearness_finds_the_layer_and_its_statistic(
    client: TestClient, asked: str
) -> None:
    body = client.get("/api/search", params={"q": asked}).json()
    assert body["layers"][0]["collection"] == "old-villages"
    assert body["results"] == [] and body["alike"] is False
    answer = client.get(body["questions"][0]["href"])
    assert len(answer.json()["features"]) == 20


def test_near_a_place_the_place_and_the_layer_are_found(client: TestClient) -> None:
    body = client.get("/api/search", params={"q": "芳村站附近的旧村"}).json()
    assert body["results"][0]["id"] == "sta-fangcun"
    assert body["layers"][0]["collection"] == "old-villages"
