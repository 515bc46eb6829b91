"""GeoJSON text of many positions, with coordinates to the centimetre.

Where all lie in one quarter of the world, as a city's do, every position has a text of
the same length: then digits are looked up for all at once, four times as quick as
writing numbers, and without holding up other threads.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.errors import InvalidGeometry
from geo.frame import FloatArray

#: 1e-7 degrees are 1.1 cm: finer than any boundary is known.
DECIMALS = 7
ONE = 10**DECIMALS
#: Degrees of which every position is written with as many digits: three, two.
EAST, NORTH = (100, 180), (10, 90)


#: A position's text and the comma behind it.
POSITION = np.dtype([("words", np.uint32, 6), ("comma", "S1")])
SIZE = POSITION.itemsize
#: Written between the positions of two geometries: none of theirs is like it.
BETWEEN = b",[null,null],"


def rounded(xy: FloatArray) -> FloatArray:
    """(n, 2) positions as they are written."""
    near: FloatArray = np.round(xy, DECIMALS)
    if not np.isfinite(near).all():
        raise InvalidGeometry(
            "A position is not a number. Check the file's coordinates.",
            "坐标不是有效数字，请检查文件中的坐标。",
        )
    return near


def position_texts(xy: FloatArray, counts: NDArray[np.integer]) -> list[bytes]:
    """For runs of so many of (n, 2) positions: each run's, with commas between."""
    near = rounded(xy)
    if _alike(near):
        ends = np.cumsum(counts) * SIZE
        starts = (ends - counts * SIZE).tolist()
        text = _looked_up(near)
        spans = zip(starts, (ends - 1).tolist(), strict=True)
        return [text[start:end] for start, end in spans]
    return _written(near, counts)


def _alike(xy: FloatArray) -> bool:
    sides = zip(xy.T, (EAST, NORTH), strict=True)
    return bool(len(xy)) and all(
        low <= values.min() and values.max() < high for values, (low, high) in sides
    )


@cache
def _table(form: str, count: int) -> NDArray[np.uint32]:
    """The texts of 0 … count - 1, of four letters each."""
    texts = "".join(map(form.format, range(count)))
    return np.frombuffer(texts.encode(), np.uint32)


def _looked_up(xy: FloatArray) -> bytes:
    """Six words of four letters each: [113 .123 4567 ,23. 1234 567]"""
    texts = np.empty(len(xy), dtype=POSITION)
    texts["comma"], words = b",", texts["words"]
    lon, lat = np.rint(xy.T * ONE).astype(np.uint32)
    digits = _table("{:04d}", 10_000)
    words[:, 0] = _table("[{:03d}", 1000)[lon // ONE]
    words[:, 1] = _table(".{:03d}", 1000)[lon % ONE // 10_000]
    words[:, 2] = digits[lon % 10_000]
    words[:, 3] = _table(",{:02d}.", 100)[lat // ONE]
    words[:, 4] = digits[lat % ONE // 1000]
    words[:, 5] = _table("{:03d}]", 1000)[lat % 1000]
    return texts.tobytes()


def _written(xy: FloatArray, counts: NDArray[np.integer]) -> list[bytes]:
    """Anywhere on earth: written as one list, then parted where runs end."""
    if not len(counts):
        return []
    row = np.repeat(np.arange(len(counts)), counts)
    spaced = np.full((len(xy) + len(counts), 2), np.nan)
    spaced[np.arange(len(xy)) + row] = xy
    text = orjson.dumps(spaced, option=orjson.OPT_SERIALIZE_NUMPY)
    return text[1 : -len(BETWEEN)].split(BETWEEN)
