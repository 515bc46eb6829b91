"""Fixtures shared by every room's tests: a small, real service per test module."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from starlette.testclient import TestClient

from layers.catalogue import Catalogue
from service.app import Application, create_app
from service.atlas import Atlas
from service.loading import load_initial
from service.roles import Role
from service.settings import Secret, Settings
from service.stores import open_store

ADMIN_TOKEN = "test-administrator"
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT / ".." / "shared"

# No test is timed: a first example may have to bring a package in.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


#: What takes several seconds, after the browser's files, which take longest.
LONG = (
    "conformance/test_openapi.py",
    "conformance/test_answers.py",
    "conformance/test_tiles.py",
    "service/test_serving.py",
    "test_architecture.py",
    "clients/test_gdal.py",
    "service/stores/test_crash.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long go first where several processes share them out, so that
    none is left alone with one at the end."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: _turn(item.path.relative_to(ROOT / "tests")))


def _turn(path: Path) -> int:
    if path.parts[0] == "browser":
        return -1
    name = path.as_posix()
    return LONG.index(name) if name in LONG else len(LONG)


@pytest.fixture(scope="session")
def static_dir() -> Path:
    """The page's files."""
    return ROOT / "static"


@pytest.fixture(scope="session")
def first_layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded store with the first layers: a service that begins with a copy of it
    does not load them again. Those of tests/service/test_serving.py begin with none."""
    path = tmp_path_factory.mktemp("first") / "atlas.gpkg"
    store = open_store(f"gpkg:{path}")
    load_initial(store, Catalogue.load())
    store.close()
    return path


@pytest.fixture(scope="module")
def settings(
    tmp_path_factory: pytest.TempPathFactory, static_dir: Path, first_layers: Path
) -> Settings:
    """An embedded store in a folder of its own; the administrator's token is known."""
    return settings_in(tmp_path_factory.mktemp("atlas"), static_dir, first_layers)


def settings_in(folder: Path, static_dir: Path, first_layers: Path) -> Settings:
    """Of a service that keeps everything in a folder."""
    shutil.copyfile(first_layers, folder / "atlas.gpkg")
    return Settings(
        data_dir=folder,
        store=f"gpkg:{folder / 'atlas.gpkg'}",
        admin_token=Secret(ADMIN_TOKEN),
        access_log=False,
        static_dir=static_dir,
    )


@pytest.fixture(scope="module")
def app(settings: Settings) -> Application:
    """The application, not yet started."""
    return create_app(settings)


@pytest.fixture(scope="module")
def client(app: Application) -> Iterator[TestClient]:
    """An anonymous client of the started application, first layers loaded."""
    with TestClient(app, raise_server_exceptions=False) as started:
        yield started


@pytest.fixture(scope="module")
def atlas(app: Application, client: TestClient) -> Atlas:
    """The parts of the started application."""
    found: Atlas = app.state.atlas
    return found


@pytest.fixture(scope="module")
def tokens(atlas: Atlas) -> dict[str, str]:
    """A token per role; ``tokens["reviewer2"]`` is a second reviewer."""
    roles: dict[str, Role] = {
        "viewer": "viewer",
        "editor": "editor",
        "reviewer": "reviewer",
        "reviewer2": "reviewer",
        "admin": "admin",
    }
    return {
        name: atlas.accounts.create(f"{name} Li", role)[1]
        for name, role in roles.items()
    }


@pytest.fixture(scope="module")
def as_role(tokens: dict[str, str]) -> dict[str, dict[str, str]]:
    """Authorization headers per role: ``client.get(…, headers=as_role["editor"])``."""
    return {
        name: {"authorization": f"Bearer {token}"} for name, token in tokens.items()
    }


@pytest.fixture(scope="module")
def live_url(settings: Settings) -> Iterator[str]:
    """The service in a process of its own, for other programs (GDAL holds the
    interpreter's lock while it waits for an answer)."""
    with served(settings) as url:
        yield url


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of a service that runs meanwhile."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = os.environ | {
        "ATLAS_DATA_DIR": str(settings.data_dir),
        "ATLAS_STORE": settings.store,
        "ATLAS_ADMIN_TOKEN": ADMIN_TOKEN,
        "ATLAS_ACCESS_LOG": "0",
        "ATLAS_STATIC_DIR": str(settings.static_dir),
    }
    command = [sys.executable, "-m", "service.cli", "serve", "--port", port]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/api/health", process)
        yield url
        process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"no answer at {url}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material beside the checkout; skips where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared material at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def postgis_url() -> str:
    """A PostGIS to test against, or a visible skip."""
    url = os.environ.get("ATLAS_TEST_POSTGIS", "")
    if not url:
        pytest.skip("ATLAS_TEST_POSTGIS names no PostGIS server")
    return url
