"""A look at a file that nobody uploads: its features in lon/lat and what is to be said
about them. Nothing is mapped to a layer, compared or kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray
from service.errors import Unprocessable
from service.stores.shapetext import geometry_texts
from service.uploads import shapes
from service.uploads.controls import cleaned
from service.uploads.conversions import converted
from service.uploads.coordinates import Placement, place
from service.uploads.diagnosis import (
    check_placed,
    columns_of,
    file_problems,
    listed,
    opened_sources,
)
from service.uploads.directions import directed
from service.uploads.formats import Source
from service.uploads.limits import Limits
from service.uploads.neighbours import check_neighbours
from service.uploads.problems import (
    Problem,
    counts_by_code,
    features_by_code,
    problem_bodies,
    problem_catalogue,
    severity_of,
)
from service.uploads.readings import parse_reading
from service.uploads.staging import LOOK, Folder, some_of_each
from service.uploads.table import Columns, ReadOptions, SourceTable, object_array
from service.uploads.together import joined, kinds
from service.uploads.units import UNITS

_KINDS = ("points", "lines", "polygons")
#: What a file without a CRS may be in, where its numbers say nothing.
_USUAL = ("OGC:CRS84", "EPSG:4490", "EPSG:4547", "EPSG:4526", "EPSG:3857")
_LARGEST_EXACT = 2**53


def look(folder: Folder) -> None:
    """Read what was received, and leave the whole answer in the folder."""
    request = folder.read_json("request.json")
    with opened_sources(folder, request) as (sources, ignored):
        source = _chosen(sources, request["sublayer"])
        limits = Limits(**request["limits"])
        options = ReadOptions(request["encoding"], source.layer, limits=limits)
        table = cleaned(source.format.read(source.path, options))
    if request.get("convert"):
        table, _ = converted(table, request["convert"])
    district = folder.read_geometry("district.wkb")
    placement = place(table, district, request["crs"])
    _ask_where(placement)
    answer = _answer(table, placement, district, ignored)
    choices = answer.pop("choices")
    if len(sources) > 1:
        choices["sublayer"] = _sublayers(sources)
    told = {"sublayer": source.name, **answer, "choices": choices}
    folder.write_json(LOOK, {k: v for k, v in told.items() if v != {}})


def _chosen(sources: Sequence[Source], wanted: str | None) -> Source:
    if wanted is None and len(sources) == 1:
        return sources[0]
    found = next((source for source in sources if source.name == wanted), None)
    found = found or joined(sources, wanted or "")
    if found is not None:
        return found
    some = listed([source.name for source in sources])
    raise Unprocessable(
        f"The file holds several layers: {some}. Choose one as 'sublayer', or all of a"
        " kind.",
        f"文件里有多个图层：{some}。用“sublayer”选择其中一个，或同类全部。",
        question="sublayer",
        choices=_sublayers(sources),
    )


def _sublayers(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """What can be chosen: all of a kind together, or one."""
    return [*kinds(sources), *({"value": source.name} for source in sources)]


def _ask_where(placement: Placement) -> None:
    """Refuse coordinates that nobody can place, with what they could be."""
    for problem in placement.problems:
        example = problem.values.get("example", "")
        if problem.code == "unknown_crs":
            choices = [
                *_readings(placement),
                *({"value": id, "label": parse_reading(id).crs.name} for id in _USUAL),
            ]
            raise Unprocessable(
                "The file names no coordinate system and none can be inferred (for"
                f" example {example}). Choose one as 'crs'.",
                f"文件没有坐标系说明，也无法由坐标推断（例如 {example}）。"
                "用“crs”指定坐标系。",
                question="crs",
                choices=list({c["value"]: c for c in reversed(choices)}.values())[::-1],
            )
        if "convert" in problem.values and severity_of(problem) == "error":
            raise _ask_unit(problem)
        if problem.code == "suspected_local_grid":
            raise Unprocessable(
                f"Looks like Guangzhou 2000 (for example {example}), whose parameters"
                " are not public. Convert it to CGCS2000 first.",
                f"像是广州2000坐标（例如 {example}），没有公开的转换参数。"
                "先转换为 CGCS2000。",
                question="crs",
                choices=[],
            )


def _ask_unit(problem: Problem) -> Unprocessable:
    told, unit = problem_catalogue()[problem.code], UNITS[problem.values["convert"]]
    return Unprocessable(
        told["en"].format_map(problem.values)
        + f" Convert them (convert={unit.id}) if that is so.",
        told["zh"].format_map(problem.values) + f"属实则换算（convert={unit.id}）。",
        question="convert",
        choices=[{"value": unit.id, "label": f"{unit.zh} {unit.en} ({unit.rule})"}],
    )


def _answer(
    table: SourceTable,
    placement: Placement,
    district: shapely.Geometry,
    ignored: list[str],
) -> dict[str, Any]:
    ids = object_array([str(row + 1) for row in range(len(table))])
    geometry, found = _checked(table, placement, district)
    problems = [*file_problems(table, ignored), *placement.problems, *found]
    bodies = problem_bodies(shapes.located(problems, geometry), ids)
    encoding = table.encoding
    return {
        "format": table.format,
        "encoding": encoding.name.upper(),
        "encoding_source": encoding.source,
        "crs": _crs(placement),
        "counts": _counts(geometry),
        "extent": _extent(geometry),
        "together": _together(geometry),
        "fields": columns_of(table),
        "features": {
            "type": "FeatureCollection",
            "features": _features(ids, geometry, table.columns),
        },
        "problems": some_of_each(bodies),
        "problem_count": len(bodies),
        "codes": counts_by_code(bodies),
        "affected": features_by_code(bodies),
        "choices": _choices(placement, encoding.previews),
    }


def _checked(
    table: SourceTable, placement: Placement, district: shapely.Geometry
) -> tuple[ObjectArray, list[Problem]]:
    if placement.crs is None:
        return placement.geometry, []
    checked = check_placed(table, placement, None, mend=False)

    def label(row: int) -> str:
        return str(row + 1)

    geometry, turned = directed(checked.geometry, table.format, label)
    return geometry, [
        *checked.problems,
        *turned,
        *shapes.duplicates(geometry, label),
        *shapes.outside(geometry, district),
        *check_neighbours(geometry, label),
    ]


def _crs(placement: Placement) -> dict[str, Any]:
    evidence = placement.evidence
    return {
        "code": placement.crs,
        "name": evidence["crs_name"],
        "name_zh": evidence["crs_name_zh"],
        "source": evidence["source"],
        "swapped": evidence["swapped"],
        "inside": evidence.get("inside"),
        "evidence": evidence["text"],
        "evidence_zh": evidence["text_zh"],
        "hypotheses": evidence["hypotheses"],
    }


def _choices(
    placement: Placement, previews: Mapping[str, list[str]]
) -> dict[str, list[dict[str, Any]]]:
    """What could be said otherwise, and what the file would look like then."""
    chosen = placement.crs or ""
    other = [r for r in _readings(placement) if r["value"] != chosen]
    texts = [
        {"value": name.upper(), "samples": samples}
        for name, samples in previews.items()
    ]
    both = {"crs": other, "encoding": texts}
    return {name: choices for name, choices in both.items() if choices}


def _readings(placement: Placement) -> list[dict[str, Any]]:
    return [
        {
            "value": found["id"],
            "label": found["name"],
            "label_zh": found["name_zh"],
            "inside": found["inside"],
        }
        for found in placement.evidence["hypotheses"]
        if found["crs"] is not None
    ]


def _counts(geometry: ObjectArray) -> dict[str, int]:
    dimensions = shapely.get_dimensions(geometry)
    kinds = {name: int((dimensions == n).sum()) for n, name in enumerate(_KINDS)}
    located = int((~shapely.is_missing(geometry)).sum())
    vertices = int(shapely.get_num_coordinates(geometry).sum())
    count = {"features": len(geometry), "located": located}
    return {**count, **kinds, "vertices": vertices}


def _together(geometry: ObjectArray) -> orjson.Fragment | None:
    """All areas as one, so that a question about the whole file counts nothing twice;
    none where an area is invalid and would make the whole doubtful."""
    areas = geometry[shapely.get_dimensions(geometry) == 2]
    if not len(areas) or not shapely.is_valid(areas).all():
        return None
    whole = shapely.set_precision(shapely.union_all(areas), 1e-7)
    return orjson.Fragment(shapely.to_geojson(whole))


def _extent(geometry: ObjectArray) -> list[float] | None:
    if shapely.is_missing(geometry).all():
        return None
    bounds: list[float] = shapely.total_bounds(geometry).tolist()
    return bounds if np.isfinite(bounds).all() else None


def _features(
    ids: ObjectArray, geometry: ObjectArray, columns: Columns
) -> list[orjson.Fragment]:
    names = list(columns)
    values = [_plain(column) for column in columns.values()]
    rows = zip(*values, strict=True) if values else iter([()] * len(ids))
    return [
        orjson.Fragment(
            b'{"type":"Feature","id":"%b","geometry":%b,"properties":'
            % (str(id).encode(), shape)
            + orjson.dumps(dict(zip(names, row, strict=True)), default=str)
            + b"}"
        )
        for id, shape, row in zip(ids, geometry_texts(geometry), rows, strict=True)
    ]


def _plain(column: NDArray[Any]) -> list[Any]:
    """Numbers that a browser would round stay readable as text."""
    values: list[Any] = column.tolist()
    if column.dtype.kind == "i":
        return [v if abs(v) < _LARGEST_EXACT else str(v) for v in values]
    return values
