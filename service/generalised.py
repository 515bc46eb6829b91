"""Big layers as they are seen from afar, made once per version and kept on disk.

From zoom 12 outwards, neighbours of one class, status and evidence are joined into
one feature without an id, whose ``feature_count`` says how many it stands for.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from threading import get_ident

import numpy as np
import orjson
import shapely

from geo.frame import Frame
from geo.generalise import dissolve, pixel_deg, simplify
from layers.catalogue import Layer
from service.responses import software_version
from service.stores.base import Version

#: Zooms that see the joined features; further out looks like the first.
JOINED = range(8, 13)
#: Layers of fewer features are shown as they are at every zoom.
BIG = 5_000
#: A level with more of the finer one's vertices than this serves those beyond, too.
SETTLED = 0.97


def level_of(layer: Layer, features: int, zoom: int) -> int | None:
    """Which of the joined levels a zoom shows; None for the features themselves."""
    if zoom >= JOINED.stop or features < BIG or layer.geometry in ("line", "point"):
        return None
    return max(zoom, JOINED.start)


def joined(frame: Frame, layer: Layer) -> Frame:
    """One feature per class, status and evidence."""
    asked = (layer.class_field or "", "status", "evidence")
    names = [name for name in asked if name in frame.columns]
    keys = list(zip(*(frame.columns[name] for name in names), strict=True))
    number = {key: n for n, key in enumerate(dict.fromkeys(keys))}
    group = np.array([number[key] for key in keys], dtype=np.intp)
    values = np.array(list(number), dtype=object).reshape(len(number), len(names))
    columns = {name: values[:, n] for n, name in enumerate(names)}
    count = np.bincount(group).astype(np.float64)
    geometry = dissolve(shapely.force_2d(frame.geometry), group, len(number))
    ids = np.full(len(number), None, dtype=object)
    return Frame(ids, geometry, {**columns, "feature_count": count})


def simplified(frame: Frame, zoom: int) -> Frame:
    """The same features as seen at a zoom: to half a pixel."""
    geometry = simplify(frame.geometry, pixel_deg(zoom) / 2)
    return Frame(frame.ids, geometry, frame.columns)


def is_settled(finer: Frame, coarser: Frame) -> bool:
    """Whether a step outwards took away hardly anything: what is left are corners
    where classes meet, and the next step would not take those either."""
    before, after = (
        int(shapely.get_num_coordinates(frame.geometry).sum())
        for frame in (finer, coarser)
    )
    return after > SETTLED * before


class Shelf:
    """Generalised frames, and the tiles cut from them, on disk, so that a restart and a
    second process find them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, version: Version, zoom: int) -> Frame | None:
        """The frame, if it was put there."""
        try:
            text = self._path(version, str(zoom)).read_bytes()
        except FileNotFoundError:
            return None
        body = orjson.loads(text)
        geometry = shapely.from_wkb([bytes.fromhex(wkb) for wkb in body.pop("wkb")])
        ids = np.full(len(geometry), None, dtype=object)
        count = np.array(body.pop("feature_count"), dtype=np.float64)
        columns = {name: np.array(v, dtype=object) for name, v in body.items()}
        return Frame(ids, np.asarray(geometry), {**columns, "feature_count": count})

    def put(self, version: Version, zoom: int, frame: Frame) -> None:
        """Keep a frame; readers see all of it or nothing."""
        columns = {name: values.tolist() for name, values in frame.columns.items()}
        body = columns | {"wkb": shapely.to_wkb(frame.geometry, hex=True).tolist()}
        self._write(self._path(version, str(zoom)), orjson.dumps(body))

    def tile(self, version: Version, place: tuple[int, int, int]) -> bytes | None:
        """A tile as it was put there, empty ones included."""
        try:
            return self._path(version, _named(place)).read_bytes()
        except FileNotFoundError:
            return None

    def put_tile(
        self, version: Version, place: tuple[int, int, int], tile: bytes
    ) -> None:
        """Keep a tile, if the disk has room: it can be cut again."""
        with suppress(OSError):
            self._write(self._path(version, _named(place)), tile)

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}-{get_ident()}")
        draft.write_bytes(content)
        draft.replace(path)

    def _path(self, version: Version, what: str) -> Path:
        # The time tells apart versions of one number in different stores.
        text = f"{version.layer} {version.number} {version.published_at} {what}"
        name = hashlib.sha256(f"{text} {software_version()}".encode()).hexdigest()
        return self._folder / name[:32]


def _named(place: tuple[int, int, int]) -> str:
    return "tile {}/{}/{}".format(*place)
