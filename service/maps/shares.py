"""How features of one layer share their ground with the polygons of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.area import to_ha
from geo.frame import ObjectArray
from geo.overlap import Pairs, lay, overlaps
from geo.surface import surface
from service.maps.drawn import LayerData
from service.maps.names import PARCELS

Lang = Literal["zh", "en"]
Row = tuple[str, str, str]
_MOST = 6
#: Shares of less than this are slivers of drawing, not overlaps.
_LEAST_SHARE = 1e-4


class Shared:
    """Overlaps of chosen rows of a layer, on the ellipsoid, measured once for all."""

    def __init__(
        self,
        data: LayerData,
        rows: NDArray[Any],
        others: Sequence[LayerData],
        lang: Lang,
    ) -> None:
        geoms = data.frame.geometry[rows]
        ground = surface("ellipsoidal", _middle(geoms))
        own = lay(ground, geoms)
        self._whole = ground.area(own.geoms)
        self._lang = lang
        self._pairs = [
            (other, overlaps(own, lay(ground, other.frame.geometry)))
            for other in others
            if len(other.frame)
        ]

    def of(self, n: int) -> tuple[Row, ...]:
        """The largest overlaps with features of every layer but parcels."""
        rows: list[Row] = []
        for other, pairs in self._pairs:
            if other.layer.group != PARCELS:
                title = self._say(other.layer.title_zh, other.layer.title_en)
                names = self._feature_names(other)
                found = self._largest(n, pairs, names)
                rows += ((f"{title} · {name}", a, b) for name, a, b in found)
        return tuple(rows)

    def land_use(self, n: int) -> tuple[Row, ...]:
        """Parcels in the feature by class, and the ground that has none."""
        rows: list[Row] = []
        for other, pairs in self._pairs:
            if other.layer.group == PARCELS:
                rows += self._by_class(n, other, pairs)
        return tuple(rows)

    def _largest(self, n: int, pairs: Pairs, names: Sequence[str]) -> Iterable[Row]:
        mine = np.flatnonzero((pairs.a == n) & (pairs.dimension == 2))
        order = mine[np.argsort(-pairs.amount[mine], kind="stable")][:_MOST]
        for k in order.tolist():
            if pairs.amount[k] >= _LEAST_SHARE * self._whole[n]:
                yield self._row(n, names[int(pairs.b[k])], float(pairs.amount[k]))

    def _by_class(self, n: int, other: LayerData, pairs: Pairs) -> Iterable[Row]:
        mine = np.flatnonzero((pairs.a == n) & (pairs.dimension == 2))
        if len(mine) == 0:
            return
        for group in other.groups:
            amount = float(pairs.amount[mine[np.isin(pairs.b[mine], group.rows)]].sum())
            if amount > 0:
                title = self._say(group.title_zh, group.title_en)
                yield self._row(n, title, amount)
        rest = float(self._whole[n] - pairs.amount[mine].sum())
        if rest > _LEAST_SHARE * self._whole[n]:
            yield self._row(n, self._say("未划分", "Without parcels"), rest)

    def _row(self, n: int, name: str, amount: float) -> Row:
        hectares = f"{float(to_ha(amount)):,.2f} ha"
        return name, hectares, f"{amount / self._whole[n]:.1%}"

    def _feature_names(self, other: LayerData) -> list[str]:
        order = ("name_zh", "name_en") if self._lang == "zh" else ("name_en", "name_zh")
        columns = [c for n in order if (c := other.frame.columns.get(n)) is not None]
        rows = zip(*columns, other.frame.ids, strict=True)
        return [str(next(text for text in row if text)) for row in rows]

    def _say(self, zh: str, en: str) -> str:
        return zh if self._lang == "zh" else en


def _middle(geoms: ObjectArray) -> tuple[float, float]:
    west, south, east, north = shapely.total_bounds(geoms).tolist()
    return (west + east) / 2, (south + north) / 2
