"""The virtual environment and what pip or uv installs into it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from pins import Pin, read_pins, select

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")


class SetupFailed(Exception):
    """A step that failed, told with its remedy."""


def run(command: list[str | Path], **options: Any) -> bool:
    """Whether a command succeeded."""
    return subprocess.run(list(map(str, command)), cwd=ROOT, **options).returncode == 0


def try_out(command: list[str | Path]) -> bool:
    """Whether a command succeeded, which may well not: nothing is shown."""
    return run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def say(text: str) -> None:
    """Progress goes to stderr, so that a caller's output stays clean."""
    print(f"· {text}", file=sys.stderr, flush=True)


def pins(groups: list[str], names: list[str]) -> list[Pin]:
    """The pinned packages for these dependency groups and names."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return select(read_pins(text), groups, names)


def make_venv() -> None:
    """Make ``.venv`` with pip in it, unless it is there and works."""
    if PYTHON.exists() and try_out([PYTHON, "-m", "pip", "--version"]):
        return
    say("virtual environment")
    if try_out([sys.executable, "-m", "venv", "--clear", VENV]):
        return
    # Debian's python3 comes without ensurepip; an outer pip can stand in for it.
    bare = [sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]
    outer = [sys.executable, "-m", "pip", "--python", PYTHON, "install", "-q", "pip"]
    if not (run(bare) and run(outer)):
        raise SetupFailed(
            "Python cannot make a virtual environment with pip. Install the venv "
            "module (on Debian and Ubuntu: apt install python3-venv) and try again."
        )


def install(groups: list[str], names: list[str], *, target: Path | None = None) -> None:
    """Install pinned packages, each checked against its hash: by uv, else by pip."""
    chosen = pins(groups, names)
    CACHE.mkdir(exist_ok=True)
    file = CACHE / "requirements.txt"
    file.write_text("".join(pin.text for pin in chosen), encoding="utf-8")
    place = ["--target", target] if target else []
    say(f"{len(chosen)} Python package{'s' * (len(chosen) > 1)}")
    arguments: list[str | Path] = ["-q", "--require-hashes", *place, "-r", file]
    if not any(run([*tool, *arguments]) for tool in installers()):
        raise SetupFailed(
            "The Python packages could not be installed; the reason stands above. "
            "Without internet access, point pip at a local index (PIP_INDEX_URL)."
        )


def install_project() -> None:
    """Put the project itself, and its ``atlas`` command, into the environment."""
    # Unisolated, so that the build uses the pinned hatchling installed before.
    arguments = ["-q", "--no-deps", "--no-build-isolation", "--editable", "."]
    if not any(run([*tool, *arguments]) for tool in installers()):
        raise SetupFailed("The project could not be installed; the reason is above.")
    # For machines where the service may not write beside its code.
    run([PYTHON, "-m", "compileall", "-qq", "geo", "layers", "service"])


def installers() -> list[list[str | Path]]:
    """uv, fetched by pip when it is missing (ten times quicker), then pip."""
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install"]
    uv: list[str | Path] = [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON]
    # Compiled now, as pip does: the first start need not wait for it.
    uv.append("--compile-bytecode")
    return [uv, pip] if _has_uv(pip) else [pip]


def _has_uv(pip: list[str | Path]) -> bool:
    if try_out([PYTHON, "-m", "uv", "--version"]):
        return True
    file = CACHE / "uv.txt"
    file.write_text("".join(pin.text for pin in pins([], ["uv"])), encoding="utf-8")
    return try_out([*pip, "-q", "--require-hashes", "-r", file])
