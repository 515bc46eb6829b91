"""What a dossier says of one feature: facts, areas, overlaps, neighbours, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.area import to_ha, to_mu
from geo.measures import measures
from geo.proximity import nearest
from layers.catalogue import Field
from service.maps.drawn import LayerData
from service.maps.fields import fields_in, told
from service.maps.shares import Lang, Shared

#: Facts told elsewhere on the page, or not for people.
_ELSEWHERE = frozenset(
    {
        "name_zh", "name_en", "source_title", "source_ref", "evidence", "accuracy_m",
        "construction", "construction_en", "location_note", "location_note_en",
        "conflict_note", "conflict_note_en", "conflicts",
    }
)  # fmt: skip
_NEAREST, _MOST = 3, 10
_AROUND_M = 3000.0


@dataclass(frozen=True, slots=True)
class Block:
    """A titled list. Rows of two are fact and value; of three, a table whose last two
    columns are numbers."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """One feature's page, in words."""

    id: str
    name: str
    other_name: str
    blocks: tuple[Block, ...]


def located_rows(data: LayerData, only: str | None = None) -> NDArray[np.intp]:
    """Rows with a shape, in the order of their ids; ``only`` one id if given."""
    present = ~shapely.is_missing(data.frame.geometry)
    if only is not None:
        present &= np.asarray(data.frame.ids == only, dtype=bool)
    return np.flatnonzero(present)


def dossiers(
    data: LayerData,
    located: NDArray[np.intp],
    others: Sequence[LayerData],
    lang: Lang,
    known: Sequence[LayerData] = (),
) -> Iterator[Dossier]:
    """One for each of the rows, compared with the other layers. Features of ``known``
    layers that it refers to are called by their names."""
    areal = [other for other in others if other.layer.geometry == "polygon"]
    shared = Shared(data, located, areal, lang)
    names = _names(known or [data, *others], lang)
    for n, row in enumerate(located.tolist()):
        reader = _Reader(data, row, lang, names)
        blocks = [
            reader.facts(),
            reader.areas(),
            reader.source(),
            *reader.doubts(),
            Block(
                reader.say("叠加（椭球面积）", "Overlaps (ellipsoidal)"), shared.of(n)
            ),
            Block(
                reader.say("用地构成（椭球面积）", "Land use (ellipsoidal)"),
                shared.land_use(n),
            ),
            _around(reader, others),
        ]
        name, other_name = reader.names()
        filled = tuple(block for block in blocks if block.rows)
        yield Dossier(str(data.frame.ids[row]), name, other_name, filled)


def _names(layers: Sequence[LayerData], lang: Lang) -> dict[str, str]:
    """Names by id, for facts that refer to other features."""
    return {
        str(id_): _Reader(data, row, lang, {}).names()[0]
        for data in layers
        for row, id_ in enumerate(data.frame.ids if len(data.frame) < 2000 else ())
    }


def _around(reader: _Reader, others: Sequence[LayerData]) -> Block:
    """The nearest point of each layer, three of those shown by default (stations)."""
    here = np.array([reader.data.frame.geometry[reader.row]], dtype=object)
    found: list[tuple[float, str]] = []
    for other in others:
        if other.layer.geometry != "point" or len(other.frame) == 0:
            continue
        distance = nearest(other.frame.geometry, here).distance_m
        most = _NEAREST if other.layer.visible else 1
        title = reader.say(other.layer.title_zh, other.layer.title_en)
        for n in np.argsort(distance, kind="stable")[:most].tolist():
            if distance[n] <= _AROUND_M:
                name = _Reader(other, n, reader.lang, {}).names()[0]
                found.append((float(distance[n]), f"{title} · {name}"))
    unit = reader.say("米", "m")
    rows = tuple((name, f"{d:,.0f} {unit}", "") for d, name in sorted(found)[:_MOST])
    return Block(reader.say("周边（直线距离）", "Around (straight line)"), rows)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one row in one language."""

    data: LayerData
    row: int
    lang: Lang
    known: Mapping[str, str]

    def say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def value(self, name: str) -> Any:
        column = self.data.frame.columns.get(name)
        value = None if column is None else column[self.row]
        missing = value is None or value == "" or value != value
        return None if missing else value

    def names(self) -> tuple[str, str]:
        """The name, and the one in the other language."""
        zh, en = self.value("name_zh"), self.value("name_en")
        first, second = (zh, en) if self.lang == "zh" else (en, zh)
        name = str(first or second or self.data.frame.ids[self.row])
        return name, str(second or "") if second != name else ""

    def facts(self) -> Block:
        rows = [(self.say("编号", "Id"), str(self.data.frame.ids[self.row]))]
        for field in fields_in(self.data.layer, self.lang):
            if field.name not in _ELSEWHERE and (text := self._told(field)):
                rows.append((self.say(field.title_zh, field.title_en), text))
        return Block(self.say("概况", "Key facts"), tuple(rows))

    def _told(self, field: Field) -> str:
        text = told(field, self.value(field.name), self.lang) or ""
        return self.known.get(text, text)

    def areas(self) -> Block:
        """Two bases, three units each; nothing for what has no area."""
        sizes = self._measures()
        names = (
            ("area_m2", self.say("椭球", "Ellipsoid")),
            ("area_plane_m2", self.say("平面 4547", "Plane 4547")),
        )
        rows = tuple(
            (
                label,
                f"{sizes[name]:,.0f} ㎡ · {float(to_ha(sizes[name])):,.4f} ha"
                f" · {float(to_mu(sizes[name])):,.2f} {self.say('亩', 'mu')}",
            )
            for name, label in names
            if sizes[name] > 0
        )
        return Block(self.say("面积", "Area"), rows)

    def _measures(self) -> dict[str, float]:
        names = ("area_m2", "area_plane_m2")
        if all(name in self.data.frame.columns for name in names):
            return {n: float(self.data.frame.columns[n][self.row]) for n in names}
        shape = self.data.frame.geometry[self.row : self.row + 1]
        return {n: float(v[0]) for n, v in measures(shape).items()}

    def doubts(self) -> Iterator[Block]:
        """How far the shape can be trusted, in ochre when it is only indicative."""
        suffix = "" if self.lang == "zh" else "_en"
        evidence = self.data.layer.field("evidence")
        grade = self._told(evidence) if evidence else ""
        accuracy = self.value("accuracy_m")
        if accuracy is not None:
            grade += f" · ±{accuracy:,.0f} {self.say('米', 'm')}"
        notes = (
            (self.say("图形", "Shape"), self.value(f"construction{suffix}")),
            (self.say("位置", "Position"), self.value(f"location_note{suffix}")),
            (self.say("出入", "Conflict"), self.value(f"conflict_note{suffix}")),
        )
        rows = [(label, str(text)) for label, text in notes if text]
        if grade:
            rows.insert(0, (self.say("依据", "Evidence"), grade))
        vague = self.value("evidence") == "indicative"
        yield Block(self.say("依据与精度", "Evidence"), tuple(rows), warning=vague)

    def source(self) -> Block:
        rows = [
            (self.say("文件", "Document"), self.value("source_title")),
            (self.say("章节", "Section"), self.value("source_ref")),
        ]
        kept = tuple((label, str(text)) for label, text in rows if text)
        return Block(self.say("出处", "Source"), kept)
