"""Single features written over HTTP (Features Part 4): each write is checked like an
upload and becomes a changeset; nothing goes around review."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import orjson
import shapely

from geo.crs import Crs, to_crs84
from geo.frame import Frame, ObjectArray
from layers.catalogue import Field, Layer
from service import changesets
from service.accounts import Principal
from service.atlas import Atlas
from service.errors import BadRequest, Conflict, Unprocessable
from service.queryables import MEASURES
from service.stores.base import Changes, Record
from service.uploads.attributes import check_attributes
from service.uploads.problems import problem_bodies
from service.uploads.shapes import check_shapes
from service.uploads.table import object_array

MAX_FEATURES = 1000
MAX_ID_LENGTH = 200
Feature = dict[str, Any]
Checked = tuple[Frame, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """The feature that a writer has read, and the version it was read in: the body of
    the write may come so much later that others have published meanwhile."""

    layer: Layer
    version: int
    text: bytes


def read_json(body: bytes) -> Any:
    """The JSON of a request body."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(
            f"The body is not JSON ({error}).", "请求体不是 JSON。", parameter="body"
        ) from None


def read_features(body: bytes) -> list[Feature]:
    """The features of a Feature or FeatureCollection body."""
    read = read_json(body)
    if isinstance(read, dict) and read.get("type") == "FeatureCollection":
        features = read.get("features")
    else:
        features = [read]
    if not isinstance(features, list) or not 1 <= len(features) <= MAX_FEATURES:
        raise Unprocessable(
            f"Send one to {MAX_FEATURES} features; larger sets go to /api/uploads.",
            f"请发送 1 至 {MAX_FEATURES} 个要素；更多请用 /api/uploads 上传。",
        )
    return [_feature(one) for one in features]


def _feature(read: Any) -> Feature:
    if (
        not isinstance(read, dict)
        or read.get("type") != "Feature"
        or not isinstance(read.get("properties", {}), dict | None)
    ):
        raise Unprocessable(
            "The body must be a GeoJSON Feature or FeatureCollection.",
            "请求体必须是 GeoJSON 的 Feature 或 FeatureCollection。",
        )
    for member in ("geometry", "properties"):
        if member not in read:
            raise Unprocessable(
                f"A GeoJSON Feature has the member {member!r}; write null where there"
                " is none.",
                f"GeoJSON 的 Feature 必须有“{member}”成员；没有内容时写 null。",
                parameter=member,
            )
    return read


# -- what is proposed --------------------------------------------------------------
def propose_creation(
    atlas: Atlas, author: Principal, layer: Layer, features: list[Feature], crs: Crs
) -> Record:
    """New features; an id that exists already is a ``Conflict``."""
    for feature in features:
        feature["id"] = _id(feature, layer)
    base = atlas.store.current_version(layer.id)
    for feature in features:
        if atlas.store.item(layer.id, base, feature["id"]) is not None:
            raise Conflict(
                f"Feature {feature['id']!r} exists already; replace it with PUT.",
                f"要素“{feature['id']}”已存在，请用 PUT 替换。",
                feature=feature["id"],
            )
    about = _about(layer, base, adds=len(features))
    return _propose(atlas, author, about, _checked(features, layer, crs))


def propose_replacement(
    atlas: Atlas, author: Principal, seen: Seen, feature: Feature, crs: Crs
) -> Record:
    """One existing feature, whole."""
    checked = _checked([feature], seen.layer, crs)
    about = _about(seen.layer, seen.version, changes=1)
    return _propose(atlas, author, about, checked)


def propose_removal(atlas: Atlas, author: Principal, seen: Seen, id: str) -> Record:
    """One existing feature, gone."""
    nothing = Frame(object_array([]), object_array([]))
    changes = Changes(nothing, object_array([id]))
    about = _about(seen.layer, seen.version, removes=1)
    return changesets.submit(atlas, author, changes, about)


def patched(current: bytes, patch: Any, crs: Crs) -> Feature:
    """A feature after a JSON merge patch (RFC 7396) of its properties and geometry."""
    if not isinstance(patch, dict):
        raise Unprocessable("A patch must be an object.", "补丁必须是 JSON 对象。")
    feature: Feature = orjson.loads(current)
    told = patch.get("properties")
    if isinstance(told, dict):
        feature["properties"] |= told
    if "geometry" in patch:
        moved = to_crs84(_geometry([{"geometry": patch["geometry"]}]), crs)
        text = shapely.to_geojson(moved[0]) if moved[0] is not None else "null"
        feature["geometry"] = orjson.loads(text)
    return feature


def _propose(
    atlas: Atlas, author: Principal, about: dict[str, Any], checked: Checked
) -> Record:
    """What was found, but need not be mended, goes to the reviewer with it."""
    frame, told = checked
    changes = Changes(frame, object_array([]))
    about["summary"]["warnings"] = len(told)
    if told:
        about["problems"] = told
    return changesets.submit(atlas, author, changes, about)


def _about(layer: Layer, base: int, **counts: int) -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("adds", "changes", "removes", "unchanged", "errors", "warnings"), 0
    )
    return {
        "layer": layer.id,
        "base_version": base,
        "mode": "upsert",
        "note": "",
        "summary": nothing | counts,
    }


# -- features as a frame -----------------------------------------------------------
def _checked(features: list[Feature], layer: Layer, crs: Crs) -> Checked:
    """The features as a frame in CRS84, and what is doubtful of them. Raises
    ``Unprocessable`` listing what must be mended first, as uploads do."""
    ids = object_array([feature["id"] for feature in features])
    if len(set(ids)) < len(ids):
        raise Unprocessable("Two features share an id.", "有两个要素编号相同。")
    located = to_crs84(_geometry(features), crs)
    shapes = check_shapes(located, layer, mend=False, unreadable=frozenset())
    columns = _columns([feature.get("properties") or {} for feature in features], layer)
    frame, found = check_attributes(Frame(ids, shapes.geometry, columns), layer)
    told = problem_bodies([*shapes.problems, *found], ids)
    errors = [one for one in told if one["severity"] == "error"]
    if errors:
        raise Unprocessable(
            f"{len(errors)} findings must be mended first: {errors[0]['message']}",
            f"有 {len(errors)} 个问题须先处理：{errors[0]['message_zh']}",
            problems=told,
        )
    return frame, told


def _id(feature: Feature, layer: Layer) -> str:
    given = feature.get("id")
    if given is None:
        digest = hashlib.sha256(orjson.dumps(feature, option=orjson.OPT_SORT_KEYS))
        return f"{layer.id}-{digest.hexdigest()[:12]}"
    id = str(given)
    if not id.strip() or len(id) > MAX_ID_LENGTH or not id.isprintable():
        raise Unprocessable(
            f"A feature's id must be 1 to {MAX_ID_LENGTH} printable characters.",
            f"要素编号必须是 1 至 {MAX_ID_LENGTH} 个可见字符。",
            parameter="id",
        )
    return id


def _geometry(features: Sequence[Mapping[str, Any]]) -> ObjectArray:
    texts = [orjson.dumps(feature.get("geometry")) for feature in features]
    located = [None if text == b"null" else text for text in texts]
    try:
        geometry: ObjectArray = shapely.from_geojson(object_array(located))
    except shapely.GEOSException:
        raise Unprocessable(
            "A geometry cannot be read as GeoJSON. Check its type, its brackets and"
            " that rings are closed.",
            "几何无法按 GeoJSON 读取，请检查类型、括号以及环是否闭合。",
            parameter="geometry",
        ) from None
    return geometry


def _columns(properties: list[Feature], layer: Layer) -> dict[str, Any]:
    """Catalogue fields typed, further properties kept, computed measures left out."""
    columns = {field.name: _column(field, properties) for field in layer.fields}
    extras = {name for one in properties for name in one} - columns.keys()
    for name in sorted(extras - MEASURES.keys()):
        columns[name] = object_array([one.get(name) for one in properties])
    return columns


def _column(field: Field, properties: list[Feature]) -> Any:
    values = [_value(field, one.get(field.name)) for one in properties]
    if field.type in ("number", "integer"):
        return np.array([np.nan if v is None else v for v in values], dtype=float)
    return object_array(values)


def _value(field: Field, value: Any) -> Any:
    if value is None or field.type == "json" or _is_of(field.type, value):
        return value
    raise Unprocessable(
        f"Property {field.name!r} must be a {field.type}, not {str(value)[:40]!r}.",
        f"属性“{field.name}”必须是 {field.type} 类型，而不是“{str(value)[:40]}”。",
        parameter=field.name,
    )


def _is_of(kind: str, value: Any) -> bool:
    if kind in ("number", "integer"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "date":
        return isinstance(value, str) and _is_date(value)
    return isinstance(value, str)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
