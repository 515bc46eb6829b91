"""The GeoPackage's tables: made, and grown when the catalogue grows.

Per layer: ``<layer>__features`` (attributes, valid from version ``v_from`` up to, not
including, ``v_to``), ``__geometry`` and ``__texts`` (ready-made GeoJSON, in blocks)
beside it so that each lane reads only its own pages, ``__index`` (R-tree whose third
dimension is the version), and a view named like the layer: its current version, for
QGIS.
"""

from __future__ import annotations

from collections.abc import Collection

from layers.catalogue import Field, Layer
from service.stores import versioning
from service.stores.columns import MEASURES
from service.stores.database import Database, quoted
from service.stores.gpkg.textblocks import block_texts
from service.stores.tables import OPEN, indexed, table

#: GDAL lists every table unless one is registered as attributes: register this one.
LISTED = "atlas_versions"

GEOPACKAGE = """
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE IF NOT EXISTS gpkg_spatial_ref_sys (
 srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
 organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
 description TEXT);
CREATE TABLE IF NOT EXISTS gpkg_contents (
 table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
 description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT
  (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
 min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
 srs_id INTEGER REFERENCES gpkg_spatial_ref_sys);
CREATE TABLE IF NOT EXISTS gpkg_geometry_columns (
 table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents,
 column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
 srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys,
 z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));
"""
RECORDS = """
CREATE TABLE IF NOT EXISTS atlas_records (
 seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL,
 revision INTEGER NOT NULL, data TEXT NOT NULL, UNIQUE (kind, id));
CREATE TABLE IF NOT EXISTS atlas_changes (
 changeset TEXT PRIMARY KEY, layer TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS atlas_audit (
 seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
 subject TEXT NOT NULL, data TEXT NOT NULL, previous TEXT NOT NULL,
 hash TEXT NOT NULL);
"""
WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],'
    'AUTHORITY["EPSG","4326"]]'
)
SRS = (
    ("WGS 84", 4326, "EPSG", 4326, WGS84),
    ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
    ("Undefined geographic", 0, "NONE", 0, "undefined"),
)
#: GeoPackage's names, so that GDAL tells readers what a column holds.
SQL_TYPES = {
    "string": "TEXT",
    "date": "DATE",
    "json": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "BOOLEAN",
}


def create_file(db: Database) -> None:
    """What every GeoPackage has, and the tables that are no layer's."""
    for statement in (GEOPACKAGE + RECORDS).split(";"):
        db.run(statement)
    db.run(versioning.CREATE.format(double="DOUBLE"))
    srs = "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)"
    db.many(srs, SRS)
    contents = "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier)"
    db.run(f"{contents} VALUES (?, 'attributes', ?)", (LISTED, LISTED))


def create_layer(db: Database, layer: Layer) -> None:
    """A layer's tables, with a column for every field of the catalogue."""
    features, rows = table(layer.id, "features"), "rid INTEGER PRIMARY KEY"
    measures = ", ".join(f"{name} REAL" for name in MEASURES)
    fields = "".join(f", {_column(field)}" for field in layer.fields)
    for sql in (
        f"CREATE TABLE IF NOT EXISTS {features} ({rows}, id TEXT NOT NULL,"
        f" v_from INTEGER NOT NULL, v_to INTEGER NOT NULL, {measures}, extra TEXT"
        f"{fields})",
        f"CREATE TABLE IF NOT EXISTS {table(layer.id, 'geometry')} ({rows}, geom BLOB)",
        f"CREATE TABLE IF NOT EXISTS {table(layer.id, 'texts')} ({rows}, data BLOB)",
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {table(layer.id, 'index')}"
        " USING rtree(rid, w, e, s, n, v_from, v_last)",
    ):
        db.run(sql)
    _grow(db, layer)
    if block_texts(db, layer.id):
        drop_indexes(db, layer)  # those of before hold other columns
    create_indexes(db, layer)
    _create_view(db, layer)


def create_indexes(
    db: Database, layer: Layer, *, only: Collection[str] | None = None
) -> None:
    """The B-trees of a layer's features, where they are not there already."""
    for name, columns in _indexes(layer).items():
        if only is not None and name not in only:
            continue
        db.run(
            f"CREATE INDEX IF NOT EXISTS {table(layer.id, name)}"
            f" ON {table(layer.id, 'features')} {columns}"
        )


def drop_indexes(db: Database, layer: Layer, *, besides: Collection[str] = ()) -> None:
    """Before a load so large that sorting once is quicker than inserting in order."""
    for name in {*_indexes(layer), "live"}.difference(besides):
        db.run(f"DROP INDEX IF EXISTS {table(layer.id, name)}")


def _indexes(layer: Layer) -> dict[str, str]:
    """A field's index holds what the current version says: the others are seldom
    asked for, and a field that nobody fills costs nothing."""
    by_field = {
        f"by_{name}": f"({quoted(name)}) WHERE v_to = {OPEN}"
        f" AND {quoted(name)} IS NOT NULL"
        for name in indexed(layer)
    }
    return {"id": "(id, v_from)"} | by_field


def _grow(db: Database, layer: Layer) -> None:
    features = table(layer.id, "features")
    there = {row[1] for row in db.all(f"PRAGMA table_info({features})")}
    for field in layer.fields:
        if field.name not in there:
            db.run(f"ALTER TABLE {features} ADD COLUMN {_column(field)}")


def _column(field: Field) -> str:
    return f"{quoted(field.name)} {SQL_TYPES[field.type]}"


def _create_view(db: Database, layer: Layer) -> None:
    names = ["id", *(field.name for field in layer.fields), *MEASURES]
    columns = ", ".join(f"f.{quoted(name)}" for name in names)
    db.run(f"DROP VIEW IF EXISTS {quoted(layer.id)}")
    db.run(
        f"CREATE VIEW {quoted(layer.id)} AS SELECT f.rid AS OGC_FID, g.geom, {columns}"
        f" FROM {table(layer.id, 'features')} f"
        f" JOIN {table(layer.id, 'geometry')} g ON g.rid = f.rid"
        f" WHERE f.v_to = {OPEN}"
    )
    contents = "INSERT OR IGNORE INTO gpkg_contents"
    db.run(
        f"{contents} (table_name, data_type, identifier, description, srs_id)"
        " VALUES (?, 'features', ?, ?, 4326)",
        (layer.id, layer.id, f"{layer.title_zh} {layer.title_en}"),
    )
    db.run(
        "INSERT OR IGNORE INTO gpkg_geometry_columns VALUES"
        # Single and multi geometries stand side by side in one layer.
        " (?, 'geom', 'GEOMETRY', 4326, 0, 0)",
        (layer.id,),
    )
