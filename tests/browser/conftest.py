"""A real Chromium on the real service. Without Chromium these tests skip, visibly."""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from service.settings import Settings
from tests.conftest import served, settings_in

from .joined import with_reachable_modules
from .visitors import visitor

STATIC = Path(__file__).resolve().parents[2] / "static"
ADMIN_TOKEN = "test-administrator"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    # The address bar draws its list in a page of its own: two fifths of a visit's work.
    # Playwright's own list is given again, because the last one counts.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,PaintHolding,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints,"
    "AvoidCorsURLLoaderRestartOnRedirect,NetworkTimeServiceQuerying,AimEnabled,"
    "PreconnectToSearch,ThirdPartyStoragePartitioning,LensOverlay",
    # What is asked of any other host fails: the page must work on an intranet.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
#: The first is Chromium without its windows: the same engine, with a quarter less work.
NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)
# Every other test may be using the machine at the same time.
expect.set_options(timeout=45_000)
Visit = Callable[..., Page]
SEEN = 2000  # characters of a page that are told with a failure
WEST, SOUTH, SIDE, ROWS = 113.20, 23.06, 0.0006, 52


def _chromium() -> str | None:
    asked = os.environ.get("ATLAS_CHROMIUM")
    return asked or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On the machine of a continuous integration, which nobody can look at, a test of
    the browser that fails runs once more; the summary names it either way."""
    if os.environ.get("CI"):
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the page showed when its test failed."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and isinstance(page, Page):
        report.sections.append(("the page", _seen(page)))
    return report


def _seen(page: Page) -> str:
    try:
        return f"{page.url}\n{page.locator('body').inner_text(timeout=5_000)[:SEEN]}"
    except PlaywrightError as error:
        return str(error)


@pytest.fixture(scope="session")
def static_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page joined, its modules within reach of tests. As it is shipped to the last
    byte, `test_joined_page` walks through it."""
    place = tmp_path_factory.mktemp("page") / "static"
    shutil.copytree(STATIC, place)
    with_reachable_modules(place)
    return place


@pytest.fixture(scope="session")
def written_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page module by module, as it was written, and as it is served where it cannot
    be joined."""
    place = tmp_path_factory.mktemp("page") / "static"
    shutil.copytree(STATIC, place, ignore=shutil.ignore_patterns("built"))
    return place


@pytest.fixture(scope="session")
def shared_url(
    tmp_path_factory: pytest.TempPathFactory, static_dir: Path, first_layers: Path
) -> Iterator[str]:
    """The service of all who only look."""
    folder = tmp_path_factory.mktemp("atlas")
    with served(settings_in(folder, static_dir, first_layers)) as url:
        yield url


@pytest.fixture(scope="module")
def own_url(settings: Settings) -> Iterator[str]:
    """The service of those who change something, or look at another page."""
    with served(settings) as url:
        yield url


@pytest.fixture(scope="module")
def live_url(request: pytest.FixtureRequest) -> str:
    """The address of a service: the shared one, unless the module has people at work,
    settings or page files of its own."""
    asked = {
        name
        for item in request.session.items
        if item.path == request.path and isinstance(item, pytest.Function)
        for name in item.fixturenames
    }
    own = asked & {"people", "settings"} or hasattr(request.module, "static_dir")
    url: str = request.getfixturevalue("own_url" if own else "shared_url")
    return url


class Chromium:
    """One for all tests of this folder: to start it takes as long as a short test."""

    def __init__(self) -> None:
        self._ends = ExitStack()
        self._opened: Browser | None = None

    def open(self, folder: pytest.Collector) -> Browser:
        """It ends with the last test of the folder, because its loop runs in the
        thread of the tests, and others want one of their own there."""
        if self._opened is not None and not self._opened.is_connected():
            self.close()
        if self._opened is None:
            path = _chromium()
            if path is None:
                pytest.skip("no Chromium found (ATLAS_CHROMIUM may name one)")
            playwright = self._ends.enter_context(sync_playwright())
            folder.addfinalizer(self.close)
            self._opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        self._ends.close()


CHROMIUM = Chromium()


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Browser:
    """Chromium without a network beyond this machine."""
    above = request.node.iter_parents()
    return CHROMIUM.open(next(node for node in above if isinstance(node, pytest.Dir)))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh visitor at a desk."""
    made = visitor(browser)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that must not complain: errors of the page fail the test."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    assert complaints == []


@pytest.fixture
def visit(page: Page, live_url: str) -> Visit:
    """Open an address of the page and wait until its layers are there."""

    def go(path: str = "/", *, on: Page | None = None) -> Page:
        opened = on or page
        opened.goto(live_url + path)
        opened.wait_for_selector("body[data-ready]")
        return opened

    return go


def ask(url: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
    """POST as a program with a token."""
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {"authorization": f"Bearer {token}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


@pytest.fixture(scope="module")
def people(live_url: str) -> dict[str, str]:
    """Tokens of an editor and a reviewer, two persons."""
    return {
        role: ask(
            f"{live_url}/api/tokens", ADMIN_TOKEN, {"name": f"the {role}", "role": role}
        )["token"]
        for role in ("editor", "reviewer")
    }


def parcel(i: int) -> dict[str, object]:
    """One of them, a cell of a grid; every other one is for housing."""
    x, y = WEST + i % ROWS * SIDE, SOUTH + i // ROWS * SIDE
    e, n = x + SIDE * 0.8, y + SIDE * 0.8
    ring = [[round(a, 7), round(b, 7)] for a, b in
            ((x, y), (e, y), (e, n), (x, n), (x, y))]  # fmt: skip
    return {
        "type": "Feature",
        "properties": {
            "parcel_code": f"P-{i:04d}",
            "landuse_code": "0701" if i % 2 else "1001",
            "landuse_scheme": "mnr2023",
        },
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def hand_in(
    live_url: str,
    token: str,
    features: list[dict[str, object]],
    layer: str = "parcels",
) -> str:
    """Features, uploaded and submitted: the changeset."""
    mark = "a-line-that-is-in-no-file"
    body = (
        f'--{mark}\r\ncontent-disposition: form-data; name="layer"\r\n\r\n{layer}\r\n'
        f'--{mark}\r\ncontent-disposition: form-data; name="file";'
        ' filename="many.geojson"\r\n\r\n'
        f"{json.dumps({'type': 'FeatureCollection', 'features': features})}"
        f"\r\n--{mark}--\r\n"
    ).encode()
    headers = {
        "authorization": f"Bearer {token}",
        "content-type": f"multipart/form-data; boundary={mark}",
    }
    sent = urllib.request.Request(f"{live_url}/api/uploads", body, headers)
    with urllib.request.urlopen(sent, timeout=120) as answer:
        upload = json.load(answer)["id"]
    submit = f"{live_url}/api/uploads/{upload}/submit"
    return str(ask(submit, token, {})["id"])


@pytest.fixture(scope="module")
def many(live_url: str, people: dict[str, str]) -> int:
    """2,704 parcels, published."""
    features = [parcel(i) for i in range(ROWS * ROWS)]
    changeset = hand_in(live_url, people["editor"], features)
    ask(f"{live_url}/api/changesets/{changeset}/approve", people["reviewer"], {})
    return len(features)
