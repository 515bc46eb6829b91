"""Areas of 100,000 polygons on the ellipsoid: ours against loops over ``pyproj.Geod``.

python -m bench.areas [--plots 100000]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import shapely
from pyproj import Geod

from bench.plots import plots
from geo.area import area_m2, plane_area_m2
from geo.crs import unproject_xy
from geo.trapezoid import trapezoid_area_m2

GEOD = Geod(ellps="GRS80")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plots", type=int, default=100_000)
    count = parser.parse_args().plots
    side = int(count**0.5) + 1
    polygons = unproject_xy(plots(side, side)[:count])
    vertices = shapely.get_num_coordinates(polygons).mean()
    print(f"{count} polygons of {vertices:.0f} vertices")
    ways = {
        "ours, ellipsoidal": area_m2,
        "ours, plane EPSG:4547": plane_area_m2,
        "2008 trapezoids, as given": lambda g: trapezoid_area_m2(g, max_edge_m=None),
        "Geod.geometry_area_perimeter": _geometry_loop,
        "Geod.polygon_area_perimeter": _array_loop,
    }
    results, seconds = {}, {}
    for name, way in ways.items():
        times = []
        for _ in range(1 if name.startswith("Geod") else 5):
            start = time.perf_counter()
            results[name] = way(polygons)
            times.append(time.perf_counter() - start)
        seconds[name] = min(times)
    reference = results["Geod.geometry_area_perimeter"]
    print(f"\n{'way':32}{'s':>8}{'x ours':>8}   largest difference from Geod")
    for name, areas in results.items():
        ratio = seconds[name] / seconds["ours, ellipsoidal"]
        worst = np.abs(areas - reference).max()
        print(f"{name:32}{seconds[name]:8.3f}{ratio:8.1f}   {worst:.1e} m²")


def _geometry_loop(polygons):
    return np.array([abs(GEOD.geometry_area_perimeter(p)[0]) for p in polygons])


def _array_loop(polygons):
    xy, row = shapely.get_coordinates(polygons, return_index=True)
    rings = np.split(xy, np.flatnonzero(np.diff(row)) + 1)
    return np.array([abs(GEOD.polygon_area_perimeter(*ring.T)[0]) for ring in rings])


if __name__ == "__main__":
    main()
