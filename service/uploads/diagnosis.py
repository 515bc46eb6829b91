"""The colleague who looks at the file: from bytes in a folder to features, findings and
an explanation. Reads and writes only the upload's folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from geo.frame import Frame, ObjectArray
from layers.catalogue import Layer
from service.uploads import shapes, strays
from service.uploads.archive import Member
from service.uploads.attributes import check_attributes
from service.uploads.controls import cleaned
from service.uploads.conversions import converted, offered_of
from service.uploads.coordinates import Placement, place
from service.uploads.directions import directed
from service.uploads.formats import Source, find_sources
from service.uploads.identity import feature_ids
from service.uploads.limits import Limits
from service.uploads.mapping import Mapped, map_columns
from service.uploads.neighbours import check_neighbours
from service.uploads.problems import (
    Problem,
    counts_by_code,
    features_by_code,
    problem_bodies,
    severity_of,
)
from service.uploads.progress import Progress
from service.uploads.proposals import Proposal, proposals
from service.uploads.repairs import SHAPES, repaired, repairs_of
from service.uploads.staging import Folder
from service.uploads.table import Columns, ReadOptions, SourceTable, object_array
from service.uploads.together import joined, kinds

_KINDS = ("point", "line", "polygon")
_SHOWN_FIELD_VALUES = 3
_LISTED_NAMES = 20
#: Common fields that can be stated for a whole file.
STATED = ("evidence", "accuracy_m", "source_title", "source_ref")


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """Everything found out about a file."""

    frame: Frame
    supplied: frozenset[str]
    diagnosis: Mapping[str, Any]
    problems: list[dict[str, Any]]


def diagnose(folder: Folder, layer: Layer) -> None:
    """Read what was received and leave diagnosis, problems and staged features."""
    request = folder.read_json("request.json")
    with opened_sources(folder, request) as (sources, ignored):
        source = _chosen(sources, request.get("source_layer"))
        result = (
            _ask_which(sources)
            if source is None
            else _Examination(folder, source, layer, request).run(ignored)
        )
    several = [source.name for source in sources], kinds(sources)
    _keep(folder, result, *several)


@contextmanager
def opened_sources(
    folder: Folder, request: Mapping[str, Any]
) -> Iterator[tuple[list[Source], list[str]]]:
    """What was received, unpacked while it is read: its layers, and the names of files
    not used."""
    members = [
        Member(folder.received / file["stored"], file["name"])
        for file in request["files"]
    ]
    unpacked = folder.path / "unpacked"
    Folder(unpacked).remove()  # left by a process that was ended
    unpacked.mkdir()
    try:
        yield find_sources(members, unpacked, limits_of(request))
    finally:
        Folder(unpacked).remove()


def limits_of(request: Mapping[str, Any]) -> Limits:
    """The limits that hold for this file."""
    return Limits(**request.get("limits", {}))


def _chosen(sources: list[Source], wanted: str | None) -> Source | None:
    if wanted is not None:
        named = next((s for s in sources if s.name == wanted), None)
        return named or joined(sources, wanted)
    return sources[0] if len(sources) == 1 else None


def _ask_which(sources: list[Source]) -> Diagnosed:
    names = [source.name for source in sources]
    problem = Problem("several_layers", values={"names": listed(names)})
    nothing = Frame(object_array([]), object_array([]))
    about = {"format": sources[0].format.id, "crs": None, "feature_count": 0}
    return Diagnosed(
        nothing, frozenset(), about, problem_bodies([problem], nothing.ids)
    )


def listed(names: list[str]) -> str:
    """The first names, and how many there are if that is not all."""
    some = ", ".join(names[:_LISTED_NAMES])
    return some if len(names) <= _LISTED_NAMES else f"{some} … ({len(names)})"


class _Examination:
    """One source on its way through the checks; each step tells the folder first."""

    def __init__(
        self, folder: Folder, source: Source, layer: Layer, request: Mapping[str, Any]
    ) -> None:
        self._progress = Progress(folder)
        self._source = source
        self._layer = layer
        self._request = request
        self._district = folder.read_geometry("district.wkb")
        self._problems: list[Problem] = []

    def run(self, ignored: list[str]) -> Diagnosed:
        self._progress.begin("reading")
        table, conversion = self._converted(self._read())
        self._problems += file_problems(table, ignored)
        self._progress.begin("placing")
        placement = place(table, self._district, self._request.get("crs"))
        self._problems += placement.problems
        offered = offered_of(placement.problems)
        mapped = map_columns(table, self._layer, self._request.get("mapping") or {})
        self._problems += mapped.problems
        proposed = self._proposed(table, mapped, placement)
        ids, found = feature_ids(mapped, placement.geometry, self._layer)
        self._problems += found
        geometry = self._checked(table, placement, ids)
        self._progress.begin("values")
        frame = self._valued(Frame(ids, geometry, mapped.columns), mapped)
        wanted = repairs_of(self._request)
        found, kept = repaired(self._problems, frame.geometry, ids, wanted)
        about = {
            **_about(table, placement, mapped, kept),
            **strays.of(kept, ids, self._district),
            "source_layer": self._source.name,
            **conversion,
            **offered,
            "proposals": [one.body() for one in proposed],
        }
        stated = {name for name in STATED if self._request.get(name)}
        bodies = problem_bodies(shapes.located(found, geometry), ids)
        whole = Frame(ids, kept, frame.columns)
        return Diagnosed(whole, mapped.supplied | stated, about, bodies)

    def _read(self) -> SourceTable:
        source = self._source
        encoding = self._request.get("encoding")
        options = ReadOptions(
            encoding,
            source.layer,
            self._layer.geometry,
            self._request.get("heading_row"),
            limits_of(self._request),
        )
        return cleaned(source.format.read(source.path, options))

    def _converted(self, table: SourceTable) -> tuple[SourceTable, dict[str, Any]]:
        """As somebody has confirmed; what was done, for the record."""
        wanted = self._request.get("convert")
        if not wanted:
            return table, {}
        table, told = converted(table, wanted)
        return table, {"conversion": told}

    def _proposed(
        self, table: SourceTable, mapped: Mapped, placement: Placement
    ) -> list[Proposal]:
        """Columns that a person may want to map, each told."""
        said = self._request.get("mapping") or {}
        where = placement.geometry
        found = proposals(table, self._layer, mapped.sources, said, where)
        self._problems += [one.problem() for one in found]
        return found

    def _checked(
        self, table: SourceTable, placement: Placement, ids: ObjectArray
    ) -> ObjectArray:
        """The geometry that can be kept."""
        if placement.crs is None:
            return placement.geometry
        self._progress.begin("shapes")
        mend = SHAPES in repairs_of(self._request)
        checked = check_placed(table, placement, self._layer, mend=mend)
        self._problems += checked.problems

        def label(row: int) -> str:
            return str(ids[row])

        geometry, turned = directed(checked.geometry, self._rule(table), label)
        checked = shapes.Checked(geometry, turned)
        self._problems += turned
        self._problems += shapes.duplicates(checked.geometry, label)
        self._problems += shapes.outside(checked.geometry, self._district)
        self._progress.begin("neighbours")
        self._problems += check_neighbours(
            checked.geometry, label, self._progress.within
        )
        return checked.geometry

    def _valued(self, frame: Frame, mapped: Mapped) -> Frame:
        columns = _with_defaults(mapped, self._request, len(frame))
        valued, found = check_attributes(
            Frame(frame.ids, frame.geometry, columns), self._layer
        )
        self._problems += found
        return valued

    def _rule(self, table: SourceTable) -> str:
        """Whose rule of direction holds; TopoJSON, which has layers, has none."""
        has_layers = table.format == "geojson" and self._source.layer is not None
        return "topojson" if has_layers else table.format


def check_placed(
    table: SourceTable, placement: Placement, layer: Layer | None, *, mend: bool
) -> shapes.Checked:
    """Each geometry by itself, once it is known where it lies. ``layer`` None takes
    every kind."""
    unreadable = frozenset(
        p.row
        for p in table.problems
        if p.row is not None and p.code == "unreadable_geometry"
    )
    checked = shapes.check_shapes(
        placement.geometry, layer, mend=mend, unreadable=unreadable
    )
    checked = shapes.Checked(
        checked.geometry,
        [_with_numbers(p, table, placement.geometry) for p in checked.problems],
    )
    errors = [p for p in placement.problems if severity_of(p) == "error"]
    if not errors:
        return checked
    # In the wrong place everything looks broken; the place is what must be settled.
    rows = {problem.row for problem in errors}
    kept = [
        problem
        for problem in checked.problems
        if problem.code != "invalid_coordinate" or not rows & {None, problem.row}
    ]
    return shapes.Checked(checked.geometry, kept)


def _with_numbers(problem: Problem, table: SourceTable, placed: ObjectArray) -> Problem:
    """A coordinate out of range is named as the file has it."""
    row = problem.row
    if problem.code != "invalid_coordinate" or row is None:
        return problem
    x, y = shapely.get_coordinates(table.geometry[row])[
        shapes.farthest_vertex(placed[row])
    ]
    return replace(problem, values={"example": f"{x:.10g}, {y:.10g}"})


def file_problems(table: SourceTable, ignored: list[str]) -> list[Problem]:
    """What is to be said about the file as such."""
    problems = list(table.problems)
    if not len(table):
        problems.append(Problem("no_features"))
    if ignored:
        names = "、".join(ignored[:10])
        problems.append(Problem("ignored_members", values={"names": names}))
    if table.encoding.source == "detected" and table.encoding.name != "utf-8":
        name = table.encoding.name
        sample = "、".join(table.encoding.previews.get(name, [])[:2])
        values = {"encoding": name.upper(), "sample": sample}
        problems.append(Problem("encoding_guessed", values=values))
    return problems


def _with_defaults(mapped: Mapped, request: Mapping[str, Any], count: int) -> Columns:
    """What is said once for the whole file stands where its features do not say.
    A drawing that says nothing is taken for a tracing, from this very file."""
    implied = {"evidence": "digitised", "source_title": request.get("filename")}
    columns = dict(mapped.columns)
    for name in STATED:
        value = request.get(name) or implied.get(name)
        if name not in mapped.supplied and name in columns and value is not None:
            columns[name] = np.full(count, value, dtype=columns[name].dtype)
    return columns


def _about(
    table: SourceTable, placement: Placement, mapped: Mapped, geometry: ObjectArray
) -> dict[str, Any]:
    located = ~shapely.is_missing(geometry)
    return {
        "format": table.format,
        "encoding": table.encoding.name.upper(),
        "encoding_source": table.encoding.source,
        "encoding_previews": table.encoding.previews,
        "geometry_types": _kinds(geometry),
        "crs": placement.crs,
        "crs_evidence": placement.evidence,
        "feature_count": len(table),
        "located_count": int(located.sum()),
        "extent": shapely.total_bounds(geometry).tolist() if located.any() else None,
        "fields": _fields(table, mapped),
        "mapping": dict(mapped.sources),
        **_heading(table),
    }


def _heading(table: SourceTable) -> dict[str, Any]:
    """Which row of a spreadsheet the names are in, and the rows that they could be."""
    if table.heading is None:
        return {}
    rows = [{"row": row, "text": text} for row, text in table.heading.rows]
    return {"heading_row": table.heading.row, "first_rows": rows}


def _kinds(geometry: ObjectArray) -> list[str]:
    dimensions = set(shapely.get_dimensions(geometry).tolist()) - {-1}
    return [_KINDS[dimension] for dimension in sorted(dimensions)]


def _fields(table: SourceTable, mapped: Mapped) -> list[dict[str, Any]]:
    target = {column: field for field, column in mapped.sources.items()}
    return [
        {**column, "maps_to": target.get(column["name"])}
        for column in columns_of(table)
    ]


def columns_of(table: SourceTable) -> list[dict[str, Any]]:
    """The file's own columns, with a few of their values."""
    return [
        {
            "name": name,
            "type": "number" if values.dtype.kind in "if" else "string",
            "samples": _samples(values.tolist()),
        }
        for name, values in table.columns.items()
    ]


def _samples(values: list[Any]) -> list[Any]:
    known = dict.fromkeys(str(v) for v in values[:200] if v is not None and v == v)
    return list(known)[:_SHOWN_FIELD_VALUES]


def _keep(
    folder: Folder, result: Diagnosed, layers: list[str], kinds: list[dict[str, Any]]
) -> None:
    severities = [problem["severity"] for problem in result.problems]
    folder.write_frame(result.frame)
    folder.write_problems(result.problems)
    folder.write_json(
        "diagnosis.json",
        {
            "diagnosis": {
                **result.diagnosis,
                "layers": layers,
                "together": kinds,
            },
            "supplied": sorted(result.supplied),
            "errors": severities.count("error"),
            "warnings": severities.count("warning"),
            "codes": counts_by_code(result.problems),
            "affected": features_by_code(result.problems),
        },
    )
