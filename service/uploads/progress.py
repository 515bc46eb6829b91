"""How far a diagnosis has come: a share of the usual time, and words for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo.progress import Told
from service.uploads.staging import Folder

PROGRESS = "progress.json"
#: Step -> share of the time gone by when it begins, and its name.
STEPS = {
    "reading": (0.0, "读取文件", "Reading the file"),
    "placing": (0.15, "判断坐标系和字段", "Finding place and fields"),
    "shapes": (0.3, "检查图形", "Checking shapes"),
    "neighbours": (0.4, "检查相邻要素", "Checking neighbours"),
    "values": (0.75, "检查属性", "Checking values"),
    "comparing": (0.9, "与现行版本比较", "Comparing with the current version"),
}
_LEAST = 0.01

Within = Callable[[float, float], Told]


class Progress:
    """Tells the folder of each step and of what is done within it."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._step = ""
        self._told = 0.0

    def begin(self, step: str) -> None:
        """The step before is done."""
        self._step = step
        self._tell(STEPS[step][0])

    def within(self, first: float, last: float) -> Told:
        """A listener for work between two shares of the present step."""
        begin, end = self._bounds()

        def told(done: int, total: int) -> None:
            part = first + (last - first) * done / max(total, 1)
            share = begin + (end - begin) * part
            if share - self._told >= _LEAST:
                self._tell(share)

        return told

    def _bounds(self) -> tuple[float, float]:
        shares = [share for share, _, _ in STEPS.values()] + [1.0]
        number = list(STEPS).index(self._step)
        return shares[number], shares[number + 1]

    def _tell(self, share: float) -> None:
        self._told = share
        self._folder.write_json(PROGRESS, progress_of(self._step, share))


def progress_of(step: str, share: float | None = None) -> dict[str, Any]:
    """As the API tells it; where nothing finer is known, the step's beginning."""
    number = list(STEPS).index(step)
    begin, zh, en = STEPS[step]
    share = begin if share is None else share
    told = {"step": step, "number": number + 1, "of": len(STEPS)}
    return {**told, "share": round(share, 3), "message": en, "message_zh": zh}
