"""Encoding vector tiles of a hundred thousand parcels, beside mapbox-vector-tile.

python -m bench.tiles
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely

from bench.plots import classes, plots
from geo.crs import unproject_xy
from geo.frame import Frame
from geo.paths import to_square
from geo.tile import TileSource, bounds, encode_tile
from geo.window import EXTENT

CENTRE = np.array([[113.22, 23.10]])


def main() -> None:
    shapes = unproject_xy(plots(334, 300))
    ids = np.array([str(n) for n in range(len(shapes))], dtype=object)
    columns = {
        "landuse_code": classes(len(shapes)).astype(object),
        "name_zh": np.array([f"荔湾第{id}号地块" for id in ids], dtype=object),
    }
    frame = Frame(ids, shapes, columns)
    begun = time.perf_counter()
    source = TileSource.of("parcels", frame)
    print(f"prepared {len(frame)} parcels in {time.perf_counter() - begun:.2f} s\n")
    print("| zoom | features | bytes | ours ms | mapbox-vector-tile ms | times |")
    print("|---:|---:|---:|---:|---:|---:|")
    tree = shapely.STRtree(shapes)
    for z in (16, 15, 14):
        x, y = (to_square(CENTRE)[:, 0] * 2**z).astype(int).tolist()
        ours, tile = _timed(lambda at=(z, x, y): encode_tile(source, *at), 15)
        theirs, _ = _timed(lambda at=(z, x, y): _other(frame, tree, at), 3)
        layers = mapbox_vector_tile.decode(tile)
        count = len(layers["parcels"]["features"])
        ratio = theirs / ours
        cells = [z, count, len(tile), f"{ours:.1f}", f"{theirs:.0f}", f"{ratio:.0f}"]
        print("|", " | ".join(map(str, cells)), "|")


def _timed(do: Callable[[], bytes], times: int) -> tuple[float, bytes]:
    do()
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        made = do()
        spent.append((time.perf_counter() - begun) * 1000)
    return median(spent), made


def _other(frame: Frame, tree: shapely.STRtree, at: tuple[int, int, int]) -> bytes:
    """The same tile by the usual library, which clips and rounds in Python."""
    z, x, y = at

    def local(lonlat: np.ndarray) -> np.ndarray:
        return (to_square(lonlat) * 2**z - np.array([[x], [y]])).T * EXTENT

    found = tree.query(shapely.box(*bounds(z, x, y)), predicate="intersects")
    cut = shapely.clip_by_rect(
        shapely.transform(frame.geometry[found], local), -64, -64, 4160, 4160
    )
    features: list[dict[str, Any]] = [
        {"geometry": geometry, "properties": _properties(frame, row)}
        for geometry, row in zip(cut, found, strict=True)
    ]
    layer = {"name": "parcels", "features": features}
    options = {"y_coord_down": True, "extents": EXTENT}
    made: bytes = mapbox_vector_tile.encode([layer], default_options=options)
    return made


def _properties(frame: Frame, row: int) -> dict[str, Any]:
    return {"id": frame.ids[row]} | {n: v[row] for n, v in frame.columns.items()}


if __name__ == "__main__":
    main()
