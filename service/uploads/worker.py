"""Diagnosing in a process of its own: a file that crashes or bloats the reader cannot
take the service with it, and a cancelled diagnosis ends at once.

``python -m service.uploads.worker FOLDER [LAYER]`` leaves its result in the folder.
Without a layer the file is only looked at; without a folder, lines that name them come.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import time
from importlib import import_module
from pathlib import Path

from geo.errors import BilingualError, GeoError
from service import errors
from service.uploads import nursery, space
from service.uploads.staging import LOOK, Folder

TIME_LIMIT_S = 1800
#: Ten million vertices take two and a half gigabytes; the rest is address space.
MEMORY_BYTES = 8 * 1024**3
_LOCK = "worker.lock"
#: The child's way to say that there was no room even for a refusal.
_DISK_FULL = 73
#: … and that another process works on the folder.
_BUSY = 75
_REFUSAL = "refusal.json"
#: A process that is ended takes a moment to let go.
_ENDS_WITHIN_S = 5.0
_MADE = ("problems.json", "shown.json", "staged.bin", "progress.json")
_RESULTS = ("diagnosis.json", LOOK, _REFUSAL)


class Busy(Exception):
    """Another process works on the folder; it will leave the result."""


def run(folder: Folder, layer: str | None, seconds: int = TIME_LIMIT_S) -> None:
    """Read the file in a child process and wait for it: diagnosed for a layer, or only
    looked at. Raises what the child refused, and ``Busy``."""
    words = [str(folder.path), *([] if layer is None else [layer])]
    status = nursery.run(words, seconds, lambda: stop(folder))
    if status == _DISK_FULL:
        forget(folder)
        raise space.disk_full()
    if status == _BUSY:
        raise Busy
    raise_refusal(folder)


def raise_refusal(folder: Folder) -> None:
    """Raise why the file was not diagnosed, if it was not."""
    if (told := folder.read_json(_REFUSAL)) is not None:
        kind = getattr(errors, told["kind"], errors.Unprocessable)
        raise kind(told["detail"], told["detail_zh"], **told["extra"])
    if not is_finished(folder):
        raise errors.Unprocessable(
            "Reading the file failed or took too long. It may be damaged; export it "
            "again, or split it.",
            "读取文件失败或超时。文件可能已损坏；重新导出，或分成几个文件。",
        )


def is_finished(folder: Folder) -> bool:
    """Whether a diagnosis or a refusal is there."""
    return any((folder.path / name).exists() for name in _RESULTS)


def forget(folder: Folder) -> None:
    """Make way for another diagnosis of the same file."""
    stop(folder)
    for name in (*_RESULTS, *_MADE):
        (folder.path / name).unlink(missing_ok=True)
    Folder(folder.path / "unpacked").remove()


def is_running(folder: Folder) -> bool:
    """Whether any process works on the folder now."""
    return folder.is_held()


def stop(folder: Folder) -> None:
    """End the process that works on the folder, if one does, and see it gone: what it
    still wrote would lie about for ever."""
    until = time.monotonic() + _ENDS_WITHIN_S
    while is_running(folder) and time.monotonic() < until:
        process = int((folder.path / _LOCK).read_text() or 0)
        with contextlib.suppress(ProcessLookupError):
            if process:
                os.kill(process, signal.SIGKILL)
        time.sleep(0.02)


def main(path: str, layer: str | None = None) -> None:
    """The child's side."""
    folder = Folder(Path(path))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        with space.watched(), folder.held(tries=10) as handle:
            os.truncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
            _work(folder, layer)
    except BlockingIOError:
        sys.exit(_BUSY)
    except errors.InsufficientStorage:
        sys.exit(_DISK_FULL)
    except BilingualError as error:
        _refuse(folder, error)
    except MemoryError:
        _refuse(
            folder,
            errors.TooLarge(
                "The file needs more memory than there is. Split it.",
                "文件所需内存超出上限。分成几个文件上传。",
            ),
        )


def _work(folder: Folder, layer: str | None) -> None:
    _bring_in()
    from layers.catalogue import Catalogue
    from service.uploads.diagnosis import diagnose
    from service.uploads.look import look

    if layer is None:
        look(folder)
    else:
        diagnose(folder, Catalogue.load().get(layer))


def _bring_in() -> None:
    # pyogrio brings these in where they are: a second of every check that uses neither.
    sys.modules.update(dict.fromkeys(("geopandas", "pandas")))  # type: ignore[arg-type]
    for name in ("diagnosis", "look"):
        import_module(f"service.uploads.{name}")


def _refuse(folder: Folder, error: BilingualError) -> None:
    kind = "BadRequest" if isinstance(error, GeoError) else type(error).__name__
    told = {
        "kind": kind,
        "detail": error.detail,
        "detail_zh": error.detail_zh,
        "extra": error.extra,
    }
    folder.write_json(_REFUSAL, told)


if __name__ == "__main__":
    if sys.argv[1:]:
        main(*sys.argv[1:3])
    else:
        _bring_in()
        nursery.serve(lambda words: main(*words))
