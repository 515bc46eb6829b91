"""Every answer leaves through the edge: HEAD, CORS, headers, compression, no 500."""

from __future__ import annotations

import asyncio
import gzip
import logging
from contextlib import suppress
from pathlib import Path

import orjson
import pytest
import zstandard
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from service.app import Application, create_app
from service.edge import Edge
from service.settings import BadSetting, Settings
from service.site import Site

ITEMS = "/api/collections/metro-stations/items?limit=100"


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """An application with a route that has a bug in it."""

    async def broken(request: Request) -> Response:
        raise ZeroDivisionError("secret driver text")

    folder = tmp_path_factory.mktemp("failing")
    app = create_app(Settings(data_dir=folder, access_log=True, admin_token="x"))
    app.whole.complete().router.routes.insert(0, Route("/api/broken", broken))
    return app


def test_a_bug_is_told_to_the_log_not_to_the_caller(
    failing: Application, caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(failing) as client, caplog.at_level(logging.ERROR, "atlas"):
        answer = client.get("/api/broken")
    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert answer.json()["reference"] in caplog.text


@pytest.mark.parametrize("begun", [False, True])
def test_who_waits_longer_than_the_service_lives_is_told(begun: bool) -> None:
    sent: list[Message] = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if begun:
            start = {"type": "http.response.start", "status": 200, "headers": []}
            await send(start)
        await asyncio.sleep(60)

    async def send(message: Message) -> None:
        sent.append(message)

    async def cut_short() -> None:
        scope = {"type": "http", "method": "GET", "path": "/api/x", "headers": []}
        waiting = asyncio.create_task(Edge(slow)(scope, receive, send))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()  # as uvicorn does
        with suppress(asyncio.CancelledError):
            await waiting
        assert waiting.cancelled() == begun

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    asyncio.run(cut_short())
    told = b"".join(one.get("body", b"") for one in sent)
    assert [one["status"] for one in sent if "status" in one] == [503] * (not begun)
    assert begun or "重试" in orjson.loads(told)["detail_zh"]


def test_one_line_is_logged_for_a_request(
    failing: Application, capfd: pytest.CaptureFixture[str]
) -> None:
    with TestClient(failing) as client:
        client.get("/api/health?f=json")
    line = capfd.readouterr().err.strip().splitlines()[-1]
    assert '"path":"/api/health"' in line and '"status":200' in line


def test_what_logs_somebody_in_is_not_logged(
    failing: Application, capfd: pytest.CaptureFixture[str]
) -> None:
    with TestClient(failing) as client:
        client.get("/api/session/oidc/callback?code=SPLXLO&state=af0if")
    line = capfd.readouterr().err.strip().splitlines()[-1]
    assert "oidc/callback" in line and "SPLXLO" not in line


@pytest.mark.parametrize("name", ["access_token", "token", "authorization", "q"])
def test_a_token_in_an_address_opens_nothing_and_is_not_logged(
    failing: Application, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    token = f"atlas_{'x' * 43}" if name == "q" else "a-word-of-the-settings"
    with TestClient(failing) as client:
        answer = client.get(f"/api/uploads?limit=1&{name}={token}&offset=0")
    line = capfd.readouterr().err.strip().splitlines()[-1]
    assert answer.status_code == 400 and token not in answer.text
    assert token not in line and "limit=1" in line and "offset=0" in line


def test_head_is_get_without_a_body(client: TestClient) -> None:
    got, head = client.get(ITEMS), client.head(ITEMS)
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]
    assert head.status_code == 200


def test_reads_are_open_to_other_origins(client: TestClient) -> None:
    answer = client.get("/api/collections", headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]


def test_writes_are_not_open_to_other_origins(client: TestClient) -> None:
    preflight = {"origin": "https://x", "access-control-request-method": "POST"}
    allowed = client.options("/api/tokens", headers=preflight).headers
    assert "POST" not in allowed["access-control-allow-methods"]
    assert "access-control-allow-origin" not in client.post("/api/tokens").headers


@pytest.mark.parametrize(
    "path", ["/api/statistics/overlap", "/api/statistics/reach", "/api/map",
             "/api/map/sheets", "/api/checks/run", "/api/read"],
)  # fmt: skip
def test_a_long_question_may_come_from_other_origins(
    client: TestClient, path: str
) -> None:
    preflight = {"origin": "https://x", "access-control-request-method": "POST"}
    allowed = client.options(path, headers=preflight).headers
    assert "POST" in allowed["access-control-allow-methods"]
    assert "Content-Type" in allowed["access-control-allow-headers"]
    assert allowed.get_list("access-control-allow-origin") == ["*"]
    assert client.post(path).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/api", "/api/nothing", "/static/none.js", "/x"])
def test_nothing_is_sniffed_or_framed(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


# -- compression -------------------------------------------------------------------
def raw(client: TestClient, encoding: str) -> tuple[bytes, dict[str, str]]:
    with client.stream("GET", ITEMS, headers={"accept-encoding": encoding}) as answer:
        return b"".join(answer.iter_raw()), dict(answer.headers)


def test_gzip_and_zstd_hold_the_same_bytes(client: TestClient) -> None:
    plain, _ = raw(client, "identity")
    zipped, _ = raw(client, "gzip")
    dense, headers = raw(client, "gzip, zstd")
    assert gzip.decompress(zipped) == plain
    assert zstandard.ZstdDecompressor().decompress(dense) == plain
    assert headers["content-encoding"] == "zstd"


def test_each_encoding_has_an_etag_of_its_own(client: TestClient) -> None:
    etags = {raw(client, one)[1]["etag"] for one in ("identity", "gzip", "zstd")}
    assert len(etags) == 3


def test_caches_are_told_what_decides(client: TestClient) -> None:
    _, headers = raw(client, "identity")
    assert {"Accept", "Accept-Encoding"} <= set(headers["vary"].split(", "))


@pytest.mark.parametrize("refused", ["gzip;q=0", "br", "identity", ""])
def test_what_is_not_accepted_is_not_sent(client: TestClient, refused: str) -> None:
    assert "content-encoding" not in raw(client, refused)[1]


# -- ETags -------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_a_held_answer_is_not_sent_again(client: TestClient, encoding: str) -> None:
    _, headers = raw(client, encoding)
    held = {"if-none-match": f'"other", {headers["etag"]}', "accept-encoding": encoding}
    answer = client.get(ITEMS, headers=held)
    assert (answer.status_code, answer.content) == (304, b"")
    assert "etag" in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/conformance", "/api/collections", "/api/collections/district",
     "/api/collections/district/schema", "/api/collections/district/versions",
     "/api/openapi.json", "/api/docs", "/api/checks", "/api/checks/run",
     "/api/map/sheets?collections=district&paper=A3&scale=10000"],
)  # fmt: skip
def test_every_document_has_an_etag(client: TestClient, path: str) -> None:
    etag = client.get(path).headers["etag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304


def test_another_host_is_another_answer(client: TestClient) -> None:
    here = client.get(ITEMS).headers["etag"]
    there = client.get(ITEMS, headers={"host": "maps.example.org"})
    assert there.headers["etag"] != here
    assert "http://maps.example.org/api" in there.text


def test_a_hostile_host_is_not_repeated(client: TestClient) -> None:
    answer = client.get("/api", headers={"host": "evil<script>"})
    assert "evil" not in answer.text


# -- the page ----------------------------------------------------------------------
@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A static folder of its own."""
    from service.site import Site

    folder = tmp_path_factory.mktemp("static")
    page = "<html><script type='importmap'>{}</script><style>a{}</style></html>"
    (folder / "index.html").write_text(page)
    (folder / "main.js").write_text("export {}")
    (folder.parent / "secret.txt").write_text("secret")
    return TestClient(create(Site(folder).routes()))


def create(routes: list[Route]) -> FastAPI:
    from service import refusals

    app = FastAPI(routes=routes, openapi_url=None)
    refusals.install(app)
    return app


@pytest.mark.parametrize(
    "path", ["/", "/map", "/f/parcels/a/b", "/reviews/1", "/print"]
)
def test_the_page_answers_at_its_addresses(site: TestClient, path: str) -> None:
    answer = site.get(path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.count("'sha256-") == 2 and "unsafe" not in policy


def test_only_the_embedded_page_may_be_framed(site: TestClient) -> None:
    policies = [
        site.get(path).headers["content-security-policy"] for path in ("/", "/embed")
    ]
    assert "frame-ancestors 'self'" in policies[0]
    assert "frame-ancestors *" in policies[1]


def test_the_sites_that_may_frame_the_map_are_named_by_setting(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    settings = Settings(embed_origins="https://report.example http://10.0.0.5:8080")
    routes = Site(tmp_path, frames=settings.embed_origins).routes()
    policy = TestClient(Starlette(routes=list(routes))).get("/embed").headers
    assert policy["content-security-policy"].endswith(
        "frame-ancestors 'self' https://report.example http://10.0.0.5:8080"
    )


def test_a_site_that_is_no_address_is_refused_as_a_setting() -> None:
    with pytest.raises(BadSetting, match=r"report\.example"):
        Settings(embed_origins="report.example; script-src *")
    assert Settings(embed_origins="none").embed_origins == ()


def test_modules_have_the_type_that_browsers_ask_for(site: TestClient) -> None:
    answer = site.get("/static/main.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    held = {"if-none-match": answer.headers["etag"]}
    assert site.get("/static/main.js", headers=held).status_code == 304


@pytest.mark.parametrize(
    "path",
    ["%2e%2e/secret.txt", "..%2fsecret.txt", "%00", "none.js", "/etc/passwd", ""],
)
def test_nothing_outside_the_folder_is_served(site: TestClient, path: str) -> None:
    assert site.get(f"/static/{path}").status_code == 404


def test_the_real_page_keeps_its_policy(client: TestClient) -> None:
    index = Path(__file__).resolve().parents[2] / "static" / "index.html"
    if not index.exists():
        pytest.skip("no page yet")
    assert "unsafe" not in client.get("/").headers["content-security-policy"]


def test_what_is_weighed_at_nothing_is_not_wanted(client: TestClient) -> None:
    refused = client.get(ITEMS, headers={"accept": "application/geo+json;q=0"})
    assert refused.status_code == 406
    page = client.get("/api", headers={"accept": "application/json;q=0, text/html"})
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "identity"])
def test_an_answer_that_is_held_is_named_as_it_is_held(
    client: TestClient, encoding: str
) -> None:
    asked = {"accept-encoding": encoding}
    held = client.get(ITEMS, headers=asked).headers["etag"]
    again = client.get(ITEMS, headers=asked | {"if-none-match": held})
    assert (again.status_code, again.headers["etag"]) == (304, held)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/api/collections", "GET, HEAD, OPTIONS"),
     ("GET", "/api/changesets/x/approve", "POST, OPTIONS"),
     ("PATCH", "/api/collections/parcels/items", "GET, HEAD, POST, OPTIONS"),
     ("POST", "/api/collections/parcels/items/x",
      "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
     ("PUT", "/api/statistics/overlap", "GET, HEAD, POST, OPTIONS"),
     ("POST", "/api/search", "GET, HEAD, OPTIONS")],
)  # fmt: skip
def test_every_method_that_is_possible_is_named_once(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert client.options(path).headers["allow"] == allowed
