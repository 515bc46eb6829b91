"""The ``atlas`` command's way in. Serving loads none of the other commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

_OPTIONS: dict[str, Callable[[str], Any]] = {"host": str, "port": int, "workers": int}


def main() -> None:
    """Entry point of the distribution."""
    asked = serving(sys.argv[1:])
    if asked is None:
        from service.commands import command

        command()
        return
    # Nothing here multiplies matrices, and a process that forks has one thread.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from geo.errors import BilingualError
    from service.serving import serve
    from service.settings import Settings

    try:
        serve(Settings(**asked))
    except BilingualError as error:
        sys.exit(f"{error.detail}\n{error.detail_zh}")


def serving(words: Sequence[str]) -> dict[str, Any] | None:
    """The options of a plain ``serve``; None for all that the full command line has
    to look at: other commands, help, mistakes."""
    if not words or words[0] != "serve":
        return None
    rest = [part for word in words[1:] for part in word.split("=", 1)]
    names = [name.removeprefix("--") for name in rest[::2]]
    if len(rest) % 2 or not all(f"--{n}" in rest[::2] and n in _OPTIONS for n in names):
        return None
    try:
        read = {n: _OPTIONS[n](v) for n, v in zip(names, rest[1::2], strict=True)}
    except ValueError:
        return None
    return read if read.get("workers", 1) >= 1 else None


if __name__ == "__main__":
    main()
