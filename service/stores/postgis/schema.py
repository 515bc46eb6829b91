"""The tables in PostgreSQL: one of feature versions per layer, and a readable view."""

from __future__ import annotations

from layers.catalogue import Layer
from service.stores import versioning
from service.stores.columns import MEASURES
from service.stores.database import quoted
from service.stores.postgis.connection import PostgresDatabase
from service.stores.tables import OPEN, indexed, table

DOUBLE = "double precision"
#: Ordered by code point, as the embedded store orders.
TEXT = 'text COLLATE "C"'
SQL_TYPES = {
    "string": TEXT,
    "date": TEXT,
    "json": "text",
    "integer": DOUBLE,
    "number": DOUBLE,
    "boolean": "boolean",
}
RECORDS = """
CREATE TABLE IF NOT EXISTS atlas_records (
 seq bigserial PRIMARY KEY, kind text NOT NULL, id text NOT NULL,
 revision integer NOT NULL, data text NOT NULL, UNIQUE (kind, id));
CREATE TABLE IF NOT EXISTS atlas_changes (
 changeset text PRIMARY KEY, layer text NOT NULL, data bytea NOT NULL);
CREATE TABLE IF NOT EXISTS atlas_audit (
 seq bigint PRIMARY KEY, at text NOT NULL, actor text NOT NULL, action text NOT NULL,
 subject text NOT NULL, data text NOT NULL, previous text NOT NULL,
 hash text NOT NULL)
"""


def create_base(db: PostgresDatabase) -> None:
    """The schema, PostGIS, and the tables that are no layer's."""
    db.run(f"CREATE SCHEMA IF NOT EXISTS {quoted(db.schema)}")
    if db.one("SELECT 1 FROM pg_extension WHERE extname = 'postgis'") is None:
        db.run("CREATE EXTENSION postgis")
    for statement in RECORDS.split(";"):
        db.run(statement)
    db.run(versioning.CREATE.format(double=DOUBLE))


def create_layer(db: PostgresDatabase, layer: Layer) -> None:
    """A layer's table, with a column for every field of the catalogue."""
    features = table(layer.id, "features")
    measures = ", ".join(f"{name} {DOUBLE}" for name in MEASURES)
    db.run(
        f"CREATE TABLE IF NOT EXISTS {features} (rid bigint PRIMARY KEY,"
        f" id {TEXT} NOT NULL, v_from integer NOT NULL, v_to integer NOT NULL,"
        f" geom geometry(Geometry, 4326), json text NOT NULL, {measures}, extra text)"
    )
    columns = ", ".join(
        f"ADD COLUMN IF NOT EXISTS {quoted(field.name)} {SQL_TYPES[field.type]}"
        for field in layer.fields
    )
    if columns:
        db.run(f"ALTER TABLE {features} {columns}")
    _index(db, layer, "place", "USING gist (geom)")
    _index(db, layer, "id", "(id, v_from)")
    for name in indexed(layer):
        _index(db, layer, f"by_{name}", f"({quoted(name)}, rid)")
    _create_view(db, layer)


def _index(db: PostgresDatabase, layer: Layer, name: str, what: str) -> None:
    db.run(
        f"CREATE INDEX IF NOT EXISTS {table(layer.id, name)}"
        f" ON {table(layer.id, 'features')} {what}"
    )


def _create_view(db: PostgresDatabase, layer: Layer) -> None:
    names = ["rid", "id", "geom", *(f.name for f in layer.fields), *MEASURES]
    db.run(f"DROP VIEW IF EXISTS {quoted(layer.id)}")
    db.run(
        f"CREATE VIEW {quoted(layer.id)} AS SELECT {', '.join(map(quoted, names))}"
        f" FROM {table(layer.id, 'features')} WHERE v_to = {OPEN}"
    )
