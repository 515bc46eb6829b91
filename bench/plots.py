"""Plots that tile a rectangle: neighbours share every vertex of their border.

Each border between two corners has inner points pushed sideways, so that plots have as
many vertices as surveyed ones (13 by default) and are valid by construction.
"""

from __future__ import annotations

import numpy as np
import shapely

#: Around Liwan, on the plane EPSG:4547.
WEST, SOUTH = 415_000.0, 2_548_000.0
WIDTH, HEIGHT = 10_000.0, 13_000.0


def plots(columns: int, rows: int, *, inner: int = 2, seed: int = 1):
    """``columns * rows`` polygons on the plane, in metres; ``inner`` points a side."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(
        np.linspace(0, WIDTH, columns + 1), np.linspace(0, HEIGHT, rows + 1)
    )
    step = np.array([WIDTH / columns, HEIGHT / rows])
    nodes = np.stack([x, y], axis=-1) + rng.uniform(-0.2, 0.2, (*x.shape, 2)) * step
    east = _sides(nodes[:, :-1], nodes[:, 1:], inner, rng)
    north = _sides(nodes[:-1], nodes[1:], inner, rng)
    ring = np.concatenate(
        [
            east[:-1],
            north[:, 1:],
            _back(east[1:], nodes[1:, 1:]),
            _back(north[:, :-1], nodes[1:, :-1]),
        ],
        axis=2,
    )
    corner = np.array([WEST, SOUTH])
    return shapely.polygons(ring.reshape(-1, ring.shape[2], 2) + corner)


def classes(count: int, *, seed: int = 2):
    """A land-use code for each plot."""
    codes = np.array(["0701", "0702", "0801", "0901", "1001", "1207", "1401", "1701"])
    return np.random.default_rng(seed).choice(codes, count)


def _sides(start, end, inner: int, rng):
    """Start and inner points of each side: (rows, columns, inner + 1, 2)."""
    t = np.arange(inner + 1) / (inner + 1)
    along = end - start
    aside = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    push = rng.uniform(-1, 1, (*along.shape[:2], inner + 1)) * (t > 0)
    push *= min(0.05, 0.2 / (inner + 1))
    return (
        start[:, :, None]
        + along[:, :, None] * t[:, None]
        + aside[:, :, None] * push[..., None]
    )


def _back(side, corner):
    """The same points walked the other way: from the corner, without the last."""
    inner = side[:, :, :0:-1]
    return np.concatenate([corner[:, :, None], inner], axis=2)
