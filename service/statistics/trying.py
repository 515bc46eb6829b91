"""What rules are run on: published versions, a changeset, an upload, a drawn shape."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import BilingualError, InvalidGeometry
from geo.frame import Frame
from geo.measures import measures
from geo.overlap import AREA, COUNT, LENGTH
from geo.stopping import step
from geo.surface import Basis
from layers.catalogue import Layer
from service.atlas import Atlas
from service.errors import BadRequest
from service.snapshots import Snapshot
from service.statistics.checks import run_rule
from service.statistics.drawn import shape_of
from service.statistics.grouping import known_field
from service.statistics.judgements import Judgements, kept
from service.statistics.reading import Reading, read, read_near
from service.statistics.rules import Rule
from service.stores.base import Record
from service.uploads import register

_KINDS_ZH = {"polygon": "面", "line": "线", "point": "点"}
#: The version that features have before they are published.
UNPUBLISHED = 0


@dataclass(frozen=True, slots=True)
class Proposed:
    """Features that are not published; ``gone`` are those of the published ones that
    they replace or remove, None if all."""

    reading: Reading
    gone: frozenset[str] | None = frozenset()


def run_rules(
    atlas: Atlas,
    wanted: Iterable[Rule],
    versions: Mapping[str, int],
    *,
    instead: Proposed | None = None,
    basis: Basis = "ellipsoidal",
    about: str | None = None,
) -> list[dict[str, Any]]:
    """Rules over the layers' versions; ``instead`` stands in for its own layer. With
    ``about`` what they find of that one feature, and not much besides."""
    readings: dict[str, Reading] = {}
    judged = Judgements(kept(atlas.store))
    if instead is not None:
        readings[instead.reading.layer.id] = instead.reading
    answers = []
    for rule in wanted:
        for name in rule.layers:
            if name not in readings:
                layer = atlas.catalogue.get(name)
                readings[name] = read(atlas, layer, versions[name])
        alone = instead is None or rule.predicate != "apart"
        beside = None if alone else _beside(atlas, instead, versions)
        asked = dict(readings)
        if about is not None:
            asked[rule.layer] = _around(readings[rule.layer], about, rule)
        step()
        answers.append(run_rule(rule, asked, judged, basis=basis, beside=beside))
    return answers


def _around(reading: Reading, feature: str, rule: Rule) -> Reading:
    """The feature, and its neighbours where a rule compares those of one layer."""
    alone = reading.narrowed(np.array(reading.ids == feature))
    return alone if rule.other else reading.near(alone.extent)


def _beside(
    atlas: Atlas, instead: Proposed | None, versions: Mapping[str, int]
) -> Reading | None:
    """What stays published next to what is proposed."""
    if instead is None or instead.gone is None:
        return None
    layer = instead.reading.layer
    if not (version := versions.get(layer.id)):
        return None
    near = read_near(atlas, layer, version, instead.reading.extent)
    stays = np.array([id not in instead.gone for id in near.ids], dtype=bool)
    return near.narrowed(stays)


def of_shapes(
    layer: Layer, given: Mapping[str, Any] | None, values: Mapping[str, Any]
) -> Proposed:
    """Drawn GeoJSON (a geometry, a Feature or a FeatureCollection) as features of a
    layer; ``values`` are properties that they do not give themselves."""
    for name in values:
        known_field(layer, name, "properties")
    features = _features(given)
    shapes = np.empty(len(features), dtype=object)
    shapes[:] = [_shape(each, n, len(features)) for n, each in enumerate(features)]
    for shape in shapes:
        _check_kind(layer, shape)
    ids = [str(each.get("id", f"drawn-{n + 1}")) for n, each in enumerate(features)]
    if len(ids) == 1:
        ids = [str(features[0].get("id", "drawn"))]
    told = [_properties(layer, each, values) for each in features]
    names = dict.fromkeys(name for row in told for name in row)
    columns = {name: _column([row.get(name) for row in told]) for name in names}
    return Proposed(
        _reading(layer, Frame(_column(ids), shapes, columns)), frozenset(ids)
    )


def _features(given: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    kind = given.get("type") if given else None
    if given is None or kind != "FeatureCollection":
        return [given if given and kind == "Feature" else {"geometry": given}]
    features = given.get("features")
    if not isinstance(features, list) or not features:
        raise InvalidGeometry(
            "The FeatureCollection has no features: nothing to check.",
            "FeatureCollection 中没有要素，无可检查。",
            parameter="geometry",
            code="empty",
        )
    return [each if isinstance(each, Mapping) else {} for each in features]


def _shape(each: Mapping[str, Any], n: int, of: int) -> shapely.Geometry:
    try:
        return shape_of(each.get("geometry"))
    except BilingualError as error:
        if of > 1:
            error.detail = f"Feature {n + 1} of {of}: {error.detail}"
            error.detail_zh = f"第 {n + 1} 个要素（共 {of} 个）：{error.detail_zh}"
        raise


def _properties(
    layer: Layer, each: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """A feature's own properties over those given for all; numbers where numbers are
    reckoned with."""
    own = each.get("properties") or {}
    if not isinstance(own, Mapping):
        raise BadRequest(
            "The 'properties' of a Feature are an object: {\"name\": value, …}.",
            "Feature 的“properties”应为对象：{“名称”: 值, …}。",
            parameter="properties",
        )
    told = {"evidence": "digitised", **values, **own}
    numbers = {f.name for f in layer.fields if f.type in ("number", "integer")}
    for name in ({"accuracy_m"} | numbers) & told.keys():
        if not _is_number(told[name]):
            raise BadRequest(
                f"Property {name!r} is a number, not {str(told[name])[:40]!r}. Give"
                " the number alone, without its unit, or leave it out.",
                f"属性“{name}”应为数字，而不是“{str(told[name])[:40]}”。"
                "请只写数字、不带单位，或省略。",
                parameter=name,
            )
    return told


def _is_number(value: Any) -> bool:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (numeric and math.isfinite(value))


def _column(values: list[Any]) -> NDArray[Any]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _check_kind(layer: Layer, shape: shapely.Geometry) -> None:
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


def of_changeset(atlas: Atlas, layer: Layer, id: str) -> Proposed:
    """What a changeset puts into its layer."""
    changes = atlas.store.changes(id)
    gone = frozenset((*changes.upserts.ids.tolist(), *changes.removes.tolist()))
    return Proposed(_reading(layer, changes.upserts), gone)


def of_upload(atlas: Atlas, record: Record) -> Proposed:
    """What an upload holds, submitted or not; 409 before it is diagnosed."""
    layer = atlas.catalogue.get(record.data["layer"])
    frame = register.staged(atlas, record)
    replaced = record.data["options"]["mode"] == "replace"
    gone = None if replaced else frozenset(frame.ids.tolist())
    return Proposed(_reading(layer, frame), gone)


def _reading(layer: Layer, frame: Frame) -> Reading:
    columns = {**frame.columns, **measures(frame.geometry)}
    whole = Frame(frame.ids, frame.geometry, columns)
    snapshot = Snapshot(layer.id, UNPUBLISHED, whole)
    return Reading(layer, snapshot, np.arange(len(whole)))
