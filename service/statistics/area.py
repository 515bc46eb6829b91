"""Areas and lengths of a layer, whole or by the values of a field."""

from __future__ import annotations

from typing import Any

import numpy as np

from geo.frame import FloatArray
from geo.surface import Basis
from service.statistics.amounts import (
    AREA_COLUMN,
    LENGTH_COLUMN,
    area_amounts,
    exact_sum,
    share,
)
from service.statistics.grouping import group_by
from service.statistics.provenance import Provenance
from service.statistics.reading import Reading

_SHARE_OF = {"polygon": "area", "line": "length", "point": "count", "any": "area"}


def area_statistics(
    reading: Reading, *, basis: Basis, by: str | None = None
) -> dict[str, Any]:
    """``groups`` and their ``total``. The measures are those stored at publishing; the
    shares are of the area, or of the length or count where there is no area."""
    groups = group_by(reading, by)
    area = _measure(reading, AREA_COLUMN[basis])
    length = _measure(reading, LENGTH_COLUMN[basis])
    kind = _SHARE_OF[reading.layer.geometry]
    weight = {"area": area, "length": length, "count": np.ones(len(area))}[kind]
    whole = exact_sum(weight)
    areas, lengths = groups.sums(area), groups.sums(length)
    rows = [
        {
            **groups.label(n),
            "count": int(count),
            **area_amounts(areas[n]),
            "length_m": float(lengths[n]),
            "share": share(weights, whole),
        }
        for n, (count, weights) in enumerate(
            zip(groups.counts, groups.sums(weight), strict=True)
        )
    ]
    total = {
        "count": len(area),
        **area_amounts(exact_sum(area)),
        "length_m": exact_sum(length),
        "share": share(whole, whole),
        "residual_m2": exact_sum(area) - exact_sum(r["area_m2"] for r in rows),
    }
    return {
        "layer": reading.layer.id,
        "by": by,
        "share_of": kind,
        **Provenance(basis, (reading,)).as_json(),
        "groups": rows if len(area) else [],
        "total": total,
    }


def _measure(reading: Reading, name: str) -> FloatArray:
    """A stored measure, 0 where a feature has no geometry."""
    return np.nan_to_num(reading.column(name).astype(np.float64))
