"""The steps of the set-up, each done again only when its inputs have changed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

from bundle import PLACE, inputs, join_page
from environment import ROOT, VENV, install, install_project, make_venv
from web import VENDOR, bring_assets

PACKAGES = ["pyproject.toml", "constraints.txt", "scripts/environment.py"]
ASSETS = ["static/package.json", "static/package-lock.json", "scripts/web.py"]


def bring_up_to_date(*, test: bool) -> None:
    """Environment first: fetching the assets may need it."""
    _step(VENV, PACKAGES, _environment, test=test)
    _step(VENDOR, ASSETS, bring_assets, test=test)
    _step(PLACE, inputs(), join_page, test=test)


def _environment(*, test: bool) -> None:
    make_venv()
    install(["", "test"] if test else [""], ["editables", "hatchling"])
    install_project()


def _step(
    place: Path, inputs: list[str], do: Callable[..., None], *, test: bool
) -> None:
    """Do a step unless its stamp fits. What the tests need covers a plain run."""
    stamp = place / ".stamp"
    state = _digest(inputs)
    accepted = {f"{state} test"} if test else {state, f"{state} test"}
    if stamp.exists() and stamp.read_text() in accepted:
        return
    do(test=test)
    stamp.write_text(f"{state} test" if test else state)


def _digest(inputs: list[str]) -> str:
    """Changes with the files, the interpreter and the place of the checkout."""
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for name in inputs:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()
