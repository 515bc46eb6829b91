"""A feature's life, told from the intervals in which its versions held."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from service.stores.base import FeatureVersion, Version
from service.stores.tables import OPEN

Interval = tuple[int, int, bytes]  # v_from, v_to, GeoJSON text


def history_of(
    intervals: Iterable[Interval], version: Callable[[int], Version]
) -> list[FeatureVersion]:
    """Newest first. A gap after an interval is a removal, and what follows an
    addition again."""
    lines: list[FeatureVersion] = []
    ended = 0
    for v_from, v_to, feature in intervals:
        if ended and ended < v_from:
            lines.append(_line(version(ended), "remove", None))
        change = "change" if ended == v_from else "add"
        lines.append(_line(version(v_from), change, bytes(feature)))
        ended = v_to
    if ended and ended < OPEN:
        lines.append(_line(version(ended), "remove", None))
    return lines[::-1]


def _line(version: Version, change: str, feature: bytes | None) -> FeatureVersion:
    return FeatureVersion(
        version=version.number,
        published_at=version.published_at,
        author=version.author,
        approver=version.approver,
        changeset=version.changeset,
        change=change,
        feature=feature,
        note=version.note,
    )
