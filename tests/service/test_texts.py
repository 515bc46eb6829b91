"""Texts that the district imports: read, refused, linked."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from service.atlas import Atlas
from service.commands import command
from service.errors import TooLarge, Unprocessable
from service.texts import LARGEST, decoded, import_text, known_document, names_of

OWN_WORDS = "示例：大坦沙健康医疗组团与茶滘村。\n\n第二段没有地名。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_text_is_read_in_its_encoding(encoding: str) -> None:
    assert decoded("大坦沙".encode(encoding), "a.txt") == "大坦沙"


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"\xff\xff\xff"])
def test_what_is_no_plain_text_is_refused(content: bytes) -> None:
    with pytest.raises(Unprocessable, match=r"a\.doc is not plain text"):
        decoded(content, "a.doc")


def test_names_too_short_to_tell_are_left_out() -> None:
    names = names_of([("l", "1", "一带", "大坦沙岛（纲要）；花地；泮塘")])
    assert set(names) == {"大坦沙岛", "泮塘"}


def test_a_name_is_found_however_its_figures_are_set(
    client: TestClient, atlas: Atlas, as_role: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "set.txt"
    file.write_text("地铁 10 号线、地铁11号线。", encoding="utf-8")
    import_text(atlas.store, known_document("liwan-14th-plan"), file)
    path = "/api/documents/liwan-14th-plan/text"
    (line,) = client.get(path, headers=as_role["viewer"]).json()["paragraphs"]
    assert [p["features"][0]["id"] for p in line["places"]] == ["met-10", "met-11"]


def test_short_names_of_stations_mean_the_quarter_around() -> None:
    assert set(names_of([("metro-stations", "1", "芳村站", "芳村")])) == {"芳村站"}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.txt"
    file.write_text(OWN_WORDS, encoding="utf-8")
    return file


def test_a_text_that_was_not_imported_says_how_to(
    client: TestClient, as_role: dict[str, dict[str, str]]
) -> None:
    path = "/api/documents/regional-study/text"
    answer = client.get(path, headers=as_role["viewer"])
    assert answer.status_code == 404
    assert "atlas documents import" in answer.json()["detail"]


def test_an_imported_text_links_its_places(
    client: TestClient, atlas: Atlas, as_role: dict[str, dict[str, str]], plan: Path
) -> None:
    import_text(atlas.store, known_document("liwan-14th-plan"), plan)
    path = "/api/documents/liwan-14th-plan/text"
    body = client.get(path, headers=as_role["viewer"]).json()
    first, second = body["paragraphs"]
    named = [first["text"][p["start"] : p["end"]] for p in first["places"]]
    assert named == ["大坦沙健康医疗组团", "茶滘村"]
    assert {"layer": "old-villages", "id": "vil-04-chajiao"} in (
        first["places"][1]["features"]
    )
    assert second["places"] == []
    village = next(f for f in body["features"] if f["id"] == "vil-04-chajiao")
    assert village["name_en"] == "Chajiao village" and village["located"]


def test_an_imported_text_is_not_for_everyone(client: TestClient) -> None:
    assert client.get("/api/documents/liwan-14th-plan/text").status_code == 401


def test_a_file_that_is_too_large_is_refused(atlas: Atlas, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"a" * (LARGEST + 1))
    with pytest.raises(TooLarge, match=r"large\.txt"):
        import_text(atlas.store, known_document("liwan-14th-plan"), large)


def test_an_empty_file_is_refused(atlas: Atlas, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text(" \n\n")
    with pytest.raises(Unprocessable, match="holds no text"):
        import_text(atlas.store, known_document("liwan-14th-plan"), empty)


def test_the_command_imports_and_names_the_documents(
    tmp_path: Path, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_STORE", f"gpkg:{tmp_path / 'a.gpkg'}")
    done = CliRunner().invoke(
        command, ["documents", "import", str(plan), "--document", "liwan-14th-plan"]
    )
    assert done.exit_code == 0 and "2 paragraphs" in done.output
    wrong = CliRunner().invoke(
        command, ["documents", "import", str(plan), "--document", "nothing"]
    )
    assert wrong.exit_code == 1 and "liwan-14th-plan" in wrong.output
