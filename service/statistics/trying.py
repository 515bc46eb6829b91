"""What rules are run on: published versions, a changeset, an upload, a drawn shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely

from geo.errors import InvalidGeometry
from geo.frame import Frame
from geo.measures import measures
from geo.overlap import AREA, COUNT, LENGTH
from layers.catalogue import Layer
from service.atlas import Atlas
from service.snapshots import Snapshot
from service.statistics.checks import Judgements, run_rule
from service.statistics.reading import Reading, read
from service.statistics.rules import Rule
from service.stores.base import Record
from service.uploads import register

JUDGEMENT = "judgement"
_KINDS_ZH = {"polygon": "面", "line": "线", "point": "点"}
#: The version that features have before they are published.
UNPUBLISHED = 0


def run_rules(
    atlas: Atlas,
    wanted: Iterable[Rule],
    versions: Mapping[str, int],
    *,
    instead: Reading | None = None,
) -> list[dict[str, Any]]:
    """Rules over the layers' versions; ``instead`` stands in for its own layer."""
    readings: dict[str, Reading] = {}
    judged = judgements(atlas)
    answers = []
    for rule in wanted:
        for name in rule.layers:
            if name not in readings:
                layer = atlas.catalogue.get(name)
                readings[name] = read(atlas, layer, versions[name])
        mine = readings if instead is None else {**readings, rule.layer: instead}
        answers.append(run_rule(rule, mine, judged))
    return answers


def judgements(atlas: Atlas) -> Judgements:
    """What people have judged, by rule, layer, version and feature."""
    kept = atlas.store.records(JUDGEMENT, limit=10_000)
    return {
        (d["rule"], d["layer"], d["version"], d["feature"]): d
        for d in (record.data for record in kept)
    }


def of_shape(
    layer: Layer, shape: shapely.Geometry, values: Mapping[str, Any]
) -> Reading:
    """One drawn shape as a feature of a layer; ``values`` are its properties."""
    kinds = {"polygon": AREA, "line": LENGTH, "point": COUNT}
    drawn = int(shapely.get_dimensions(shape))
    if kinds.get(layer.geometry, drawn) != drawn:
        raise InvalidGeometry(
            f"Layer {layer.id!r} holds {layer.geometry}s, not a {shape.geom_type}: its"
            " rules would mean nothing. Draw what the layer holds.",
            f"图层“{layer.id}”的要素为{_KINDS_ZH[layer.geometry]}，而所绘为"
            f" {shape.geom_type}，规则不适用。请绘制与图层相同的几何类型。",
            parameter="geometry",
            code="wrong_kind",
        )
    geometry = np.array([shape], dtype=object)
    ids = np.array(["drawn"], dtype=object)
    given = {"evidence": "digitised", **values}
    columns = {name: np.array([value], dtype=object) for name, value in given.items()}
    return _reading(layer, Frame(ids, geometry, columns))


def of_changeset(atlas: Atlas, layer: Layer, id: str) -> Reading:
    """What a changeset puts into its layer."""
    return _reading(layer, atlas.store.changes(id).upserts)


def of_upload(atlas: Atlas, record: Record) -> Reading:
    """What an upload holds, submitted or not; 409 before it is diagnosed."""
    layer = atlas.catalogue.get(record.data["layer"])
    return _reading(layer, register.staged(atlas, record))


def _reading(layer: Layer, frame: Frame) -> Reading:
    columns = {**frame.columns, **measures(frame.geometry)}
    whole = Frame(frame.ids, frame.geometry, columns)
    snapshot = Snapshot(layer.id, UNPUBLISHED, whole)
    return Reading(layer, snapshot, np.arange(len(whole)))
