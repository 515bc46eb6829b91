"""The same hundred thousand parcels for every server, and what is true of them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from bench.plots import classes, plots
from geo.crs import unproject_xy
from geo.frame import Frame
from geo.paths import from_square, to_square

COLUMNS, ROWS = 334, 300
PORT = 54391  # of the peers' database
DIGITS = 1e-7  # degrees that every server's coordinates are rounded to


@dataclass(frozen=True)
class Parcels:
    """Ids 1 … n as text, shapes in CRS84, land-use codes."""

    ids: np.ndarray
    shapes: np.ndarray
    codes: np.ndarray

    @property
    def names(self) -> np.ndarray:
        return np.array([f"荔湾第{id}号地块" for id in self.ids], dtype=object)


def make_parcels() -> Parcels:
    shapes = shapely.set_precision(
        unproject_xy(plots(COLUMNS, ROWS)), DIGITS, mode="pointwise"
    )
    ids = np.array([str(n) for n in range(1, len(shapes) + 1)], dtype=object)
    return Parcels(ids, shapes, classes(len(shapes)).astype(object))


def write_geopackage(parcels: Parcels, path: Path) -> None:
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(parcels.shapes),
        field_data=[parcels.ids.astype(np.int64), parcels.codes, parcels.names],
        fields=["id", "landuse_code", "name_zh"],
        geometry_type="Polygon",
        crs="EPSG:4326",
        driver="GPKG",
        layer="parcels",
    )


def load_postgis(path: Path, database: str) -> None:
    """By GDAL's own loader, with the indexes that each server's manual asks for."""
    command = ["ogr2ogr", "-f", "PostgreSQL", f"PG:{database}", path, "parcels"]
    command += ["-overwrite", "-nln", "parcels", "-lco", "GEOMETRY_NAME=geom"]
    command += ["-lco", "FID=ogc_fid", "--config", "PG_USE_COPY", "YES"]
    subprocess.run(command, check=True)
    statements = (
        "alter table parcels drop column ogc_fid",
        "alter table parcels alter column id type integer",
        "alter table parcels add primary key (id)",
        "create index on parcels (landuse_code)",
        "create index on parcels ((id::text))",  # what MapServer's items/{id} asks for
        "vacuum analyze parcels",
    )
    for statement in statements:
        subprocess.run(["psql", database, "-qc", statement], check=True)


def load_ours(parcels: Parcels, folder: Path) -> None:
    from layers.catalogue import Catalogue
    from service.loading import load_initial
    from service.stores import open_store
    from service.stores.base import Changes, Publication

    catalogue = Catalogue.load()
    store = open_store(f"gpkg:{folder / 'atlas.gpkg'}")
    store.prepare(tuple(catalogue))
    load_initial(store, catalogue)
    columns = {"landuse_code": parcels.codes, "name_zh": parcels.names}
    frame = Frame(parcels.ids, parcels.shapes, columns)
    base = store.current_version("parcels")
    nothing = np.array([], dtype=object)
    store.publish(Changes(frame, nothing), Publication("parcels", base, "bench"))
    store.close()


def extent(parcels: Parcels) -> np.ndarray:
    """West, south, east, north."""
    return shapely.total_bounds(parcels.shapes)


def make_truth(parcels: Parcels) -> dict[str, list]:
    """Requests and what shapely says their answers are."""
    tree = shapely.STRtree(parcels.shapes)
    chance = np.random.default_rng(7)
    one = chance.choice(parcels.ids, 256, replace=False)
    return {
        "items100": _boxes(tree, chance, 100, 64),
        "items1000": _boxes(tree, chance, 1000, 32),
        "filter": [{"code": code, "expect": 100} for code in np.unique(parcels.codes)],
        "one": [{"id": id, "expect": 1} for id in one],
        "tile14": _tiles(tree, 14, 60),
        "tile16": _tiles(tree, 16, 60),
    }


def _boxes(
    tree: shapely.STRtree, chance: np.random.Generator, about: int, count: int
) -> list[dict]:
    west, south, east, north = shapely.total_bounds(tree.geometries)
    share = np.sqrt(about / len(tree.geometries))
    width, height = (east - west) * share, (north - south) * share
    made = []
    for x, y in chance.uniform(0.02, 0.95 - share, (count, 2)):
        left, low = west + x * (east - west), south + y * (north - south)
        box = [round(v, 6) for v in (left, low, left + width, low + height)]
        found = tree.query(shapely.box(*box), predicate="intersects")
        made.append({"bbox": ",".join(map(str, box)), "expect": len(found)})
    return made


def _tiles(tree: shapely.STRtree, z: int, at_most: int) -> list[dict]:
    """Tiles wholly inside the data; ``expect`` counts what their visible part meets."""
    west, south, east, north = shapely.total_bounds(tree.geometries)
    ends = to_square(np.array([[west, north], [east, south]])) * 2**z
    (x0, y0), (x1, y1) = np.ceil(ends[:, 0]).astype(int), ends[:, 1].astype(int)
    addresses = [(x, y) for x in range(x0, x1) for y in range(y0, y1)]
    step = max(1, len(addresses) // at_most)
    return [_tile(tree, z, *address) for address in addresses[::step]]


def _tile(tree: shapely.STRtree, z: int, x: int, y: int) -> dict:
    corners = from_square(np.array([[x, x + 1], [y, y + 1]]) / 2**z)
    (west, east), (north, south) = corners
    found = tree.query(shapely.box(west, south, east, north), predicate="intersects")
    return {"z": z, "x": x, "y": y, "expect": len(found)}


def save(truth: dict, path: Path) -> None:
    path.write_text(json.dumps(truth), encoding="utf-8")
