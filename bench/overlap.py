"""200 zones over 100,000 plots, by class: ours against others, in one run.

    python -m bench.overlap [--plots 100000] [--repeat 3] [--postgis URL]
                            [--peers ENVIRONMENT]

Every way starts from geometries in memory (PostGIS: from indexed tables) and ends with
the area of each class in each zone. Ways that are not installed are skipped, visibly.

DuckDB and SedonaDB have an environment of their own, of the same Python as this one.
DuckDB's spatial extension comes as a package, so that running it needs no network:

    python -m venv .cache/overlap
    .cache/overlap/bin/pip install duckdb duckdb-extension-spatial apache-sedona[db]
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import shapely

from bench.plots import classes, plots
from geo.crs import unproject_xy
from geo.overlap import Laid, coverage, lay, overlaps
from geo.surface import Plane, surface

Table = dict[tuple[int, str], float]
PEERS = Path(__file__).resolve().parent.parent / ".cache" / "overlap"


def main() -> None:
    arguments = _arguments()
    side = int((arguments.plots * 13 / 10) ** 0.5)
    parcels = plots(-(-arguments.plots // side), side)[: arguments.plots]
    zones = plots(10, 20, inner=20, seed=7)
    codes = classes(len(parcels))
    print(f"{len(zones)} zones x {len(parcels)} plots, {os.cpu_count()} cores")
    # Last, so that what both environments have is ours.
    sys.path.extend(map(str, arguments.peers.glob("lib/python*/site-packages")))
    ways = _ways(zones, parcels, codes, arguments.postgis)
    tables: dict[str, Table] = {}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(arguments.repeat):  # in turns: the machine's mood is everybody's
        for name, way in ways.items():
            start = time.perf_counter()
            tables[name] = way()
            times[name].append(time.perf_counter() - start)
    _report(tables, {name: min(each) for name, each in times.items()})
    _closure(zones, parcels)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    load = "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())
    print(f"peak memory of all of it: {peak:.0f} MB; load average {load}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plots", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--postgis", help="postgresql://… of a database to write to")
    parser.add_argument("--peers", type=Path, default=PEERS)
    return parser.parse_args()


def _ways(zones, parcels, codes, postgis: str | None) -> dict[str, Callable[[], Table]]:
    plane = [_flat(Plane(), each) for each in (zones, parcels)]
    degrees = [unproject_xy(each) for each in (zones, parcels)]
    start = time.perf_counter()
    sphere = [lay(surface("ellipsoidal", (113, 23)), each) for each in degrees]
    print(f"laying both layers once (kept with the version): {_since(start)}")
    ways: dict[str, Callable[[], Table]] = {
        "ours, plane": lambda: _ours(*plane, codes),
        "ours, ellipsoidal": lambda: _ours(*sphere, codes),
        "ours, plane, 1 thread": lambda: _ours(*plane, codes, threads=1),
    }
    others = {
        "geopandas.overlay": _geopandas(zones, parcels, codes),
        "PostGIS, 4 workers": _postgis(zones, parcels, codes, postgis),
        "DuckDB spatial": _duckdb(zones, parcels, codes),
        "SedonaDB": _sedona(zones, parcels, codes),
    }
    for name, way in others.items():
        if way is None:
            print(f"{name}: not installed here, skipped")
        else:
            ways[name] = way
    return ways


def _flat(on, geoms) -> Laid:
    areas, dimension = shapely.area(geoms), shapely.get_dimensions(geoms)
    return Laid(on, geoms, dimension, areas, np.zeros(len(geoms), dtype=bool))


def _ours(zones: Laid, parcels: Laid, codes, threads: int = 4) -> Table:
    pairs = overlaps(zones, parcels, threads=threads)
    keys, key = np.unique(codes, return_inverse=True)
    cell = pairs.a * len(keys) + key[pairs.b]
    sums = np.bincount(cell, pairs.amount, minlength=len(zones.geoms) * len(keys))
    cells = product(range(len(zones.geoms)), keys.tolist())
    return {c: s for c, s in zip(cells, sums.tolist(), strict=True) if s > 0}


def _geopandas(zones, parcels, codes) -> Callable[[], Table] | None:
    try:
        import geopandas
    except ModuleNotFoundError:
        return None
    one = geopandas.GeoDataFrame(
        {"zone": np.arange(len(zones))}, geometry=zones, crs=4547
    )
    other = geopandas.GeoDataFrame({"code": codes}, geometry=parcels, crs=4547)

    def way() -> Table:
        pieces = geopandas.overlay(one, other, how="intersection")
        areas = pieces.area.groupby([pieces["zone"], pieces["code"]]).sum()
        return areas.to_dict()

    return way


_QUERY = """
SELECT z.zone, p.code, sum(ST_Area(ST_Intersection(z.geom, p.geom)))
FROM {schema}zones z JOIN {schema}plots p ON ST_Intersects(z.geom, p.geom)
GROUP BY z.zone, p.code
"""


def _postgis(zones, parcels, codes, url: str | None) -> Callable[[], Table] | None:
    if url is None:
        return None
    import psycopg

    connection = psycopg.connect(url, autocommit=True)
    run = connection.execute
    run("CREATE EXTENSION IF NOT EXISTS postgis")
    run("DROP SCHEMA IF EXISTS atlas_bench CASCADE")
    run("CREATE SCHEMA atlas_bench")
    _copy(connection, "zones", "zone int", range(len(zones)), zones)
    _copy(connection, "plots", "code text", codes.tolist(), parcels)
    run("ALTER TABLE atlas_bench.plots SET (parallel_workers = 4)")
    for setting in (
        "max_parallel_workers_per_gather = 4",
        "parallel_setup_cost = 0",
        "parallel_tuple_cost = 0",
        "min_parallel_table_scan_size = 0",
        "work_mem = '256MB'",
        "jit = off",
    ):
        run(f"SET {setting}")
    query = _QUERY.format(schema="atlas_bench.")

    def way() -> Table:
        return {(z, c): a for z, c, a in run(query).fetchall() if a > 0}

    return way


def _copy(connection, table: str, column: str, values, geoms) -> None:
    name = column.split()[0]
    connection.execute(
        f"CREATE TABLE atlas_bench.{table} ({column}, geom geometry(Polygon, 4547))"
    )
    hexes = shapely.to_wkb(shapely.set_srid(geoms, 4547), hex=True, include_srid=True)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY atlas_bench.{table} ({name}, geom) FROM STDIN") as copy,
    ):
        for row in zip(values, hexes, strict=True):
            copy.write_row(row)
    connection.execute(f"CREATE INDEX ON atlas_bench.{table} USING gist (geom)")
    connection.execute(f"ANALYZE atlas_bench.{table}")


def _duckdb(zones, parcels, codes) -> Callable[[], Table] | None:
    connection = _duckdb_connection()
    if connection is None:
        return None
    import pandas

    for name, column, values, geoms in _tables(zones, parcels, codes):
        rows = pandas.DataFrame({column: values, "wkb": shapely.to_wkb(geoms)})
        connection.register("rows", rows)
        connection.execute(
            f"CREATE TABLE {name} AS SELECT {column}, ST_GeomFromWKB(wkb) AS geom"
            " FROM rows"
        )
    query = _QUERY.format(schema="")
    return lambda: _nested(connection.execute(query).fetchall())


def _duckdb_connection():
    """A connection with the packaged spatial extension loaded."""
    try:
        import duckdb
        import duckdb_extension_spatial
    except ModuleNotFoundError:
        return None
    folder = Path(duckdb_extension_spatial.__file__).parent / "extensions"
    extension = folder / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    connection = duckdb.connect()
    connection.execute(f"LOAD '{extension}'")
    return connection


def _sedona(zones, parcels, codes) -> Callable[[], Table] | None:
    try:
        import geopandas
        import sedona.db
    except ModuleNotFoundError:
        return None
    connection = sedona.db.connect()
    for name, column, values, geoms in _tables(zones, parcels, codes):
        frame = geopandas.GeoDataFrame({column: values}, geometry=geoms, crs=4547)
        frame = frame.rename_geometry("geom")
        connection.create_data_frame(frame).to_memtable().to_view(name, overwrite=True)
    query = _QUERY.format(schema="")
    return lambda: _nested(
        connection.sql(query).to_pandas().itertuples(index=False, name=None)
    )


def _tables(zones, parcels, codes):
    yield "zones", "zone", np.arange(len(zones)), zones
    yield "plots", "code", codes, parcels


def _nested(rows) -> Table:
    return {(int(zone), str(code)): area for zone, code, area in rows if area > 0}


def _since(start: float) -> str:
    return f"{time.perf_counter() - start:.2f} s"


def _report(tables: dict[str, Table], seconds: dict[str, float]) -> None:
    reference = tables["ours, plane"]
    fastest = seconds["ours, plane"]
    print(f"\n{'way':24}{'s':>8}{'x ours':>8}   largest difference (relative)")
    for name, table in tables.items():
        worst = max(
            abs(table.get(cell, 0) - area) / area
            for cell, area in reference.items()
            if area > 1
        )
        print(
            f"{name:24}{seconds[name]:8.3f}{seconds[name] / fastest:8.1f}   {worst:.1e}"
        )


def _closure(zones, parcels) -> None:
    """What nobody else does: prove that the pieces sum to the zones."""
    one, other = _flat(Plane(), zones), _flat(Plane(), parcels)
    pairs = overlaps(one, other)
    start = time.perf_counter()
    residual = np.abs(coverage(one, pairs).residual).max()
    print(
        f"\nproof that pieces, doubles and remainder sum to each zone: {_since(start)},"
        f" largest residual {residual:.1e} m²"
    )


if __name__ == "__main__":
    main()
