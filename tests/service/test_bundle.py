"""Which page is sent: the joined one only while it is what was written."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from service.bundle import BUILT, DIGEST, Bundle, digest
from service.site import Site

SCRIPT = f"{BUILT}/main-0123456789ab.js"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page of one script, and what it was joined to."""
    for name, text in {
        "index.html": "as written",
        "js/main.js": "let written;",
        "css/page.css": "",
        f"{BUILT}/index.html": "joined",
        SCRIPT: "let joined;",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    packed = gzip.compress(b"let joined;")
    (tmp_path / f"{SCRIPT}.gz").write_bytes(packed)
    (tmp_path / BUILT / DIGEST).write_text(digest(tmp_path))
    return tmp_path


@pytest.fixture
def site(folder: Path) -> Iterator[TestClient]:
    """The web map's files over HTTP."""
    with TestClient(Starlette(routes=list(Site(folder).routes()))) as client:
        yield client


def test_the_joined_page_is_sent_while_it_fits(site: TestClient) -> None:
    assert site.get("/").text == "joined"


def test_an_edited_module_shows_at_the_next_visit(
    site: TestClient, folder: Path
) -> None:
    before = site.get("/").headers["etag"]
    (folder / "js/main.js").write_text("let edited;")
    after = site.get("/", headers={"if-none-match": before})
    assert (after.status_code, after.text) == (200, "as written")


def test_a_module_that_came_later_shows_too(folder: Path) -> None:
    bundle = Bundle(folder)
    assert bundle.page().parent.name == BUILT
    (folder / "js/more.js").write_text("")
    assert bundle.page() == folder / "index.html"


def test_joining_again_brings_the_joined_page_back(folder: Path) -> None:
    bundle = Bundle(folder)
    (folder / "js/main.js").write_text("let edited;")
    assert bundle.page() == folder / "index.html"
    (folder / BUILT / DIGEST).write_text(digest(folder))
    assert bundle.page().parent.name == BUILT


def test_times_alone_change_nothing(folder: Path) -> None:
    (folder / "js/main.js").touch()
    assert Bundle(folder).page().parent.name == BUILT


def test_without_anything_joined_the_page_is_as_written(folder: Path) -> None:
    (folder / BUILT / DIGEST).unlink()
    assert Bundle(folder).page() == folder / "index.html"


def test_a_name_made_of_bytes_is_kept_for_ever(site: TestClient) -> None:
    assert "immutable" in site.get(f"/static/{SCRIPT}").headers["cache-control"]
    assert site.get("/static/js/main.js").headers["cache-control"] == "no-cache"
    assert site.get("/").headers["cache-control"] == "no-cache"


def test_what_was_compressed_beforehand_is_sent_to_who_takes_it(
    site: TestClient,
) -> None:
    packed = site.get(f"/static/{SCRIPT}", headers={"accept-encoding": "gzip"})
    plain = site.get(f"/static/{SCRIPT}", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == "let joined;"
    assert packed.headers["etag"] != plain.headers["etag"]
