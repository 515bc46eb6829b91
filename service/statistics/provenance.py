"""What every figure carries: basis, versions, weakest evidence, what was left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geo.frame import FloatArray
from geo.overlap import Dimensions
from geo.surface import Basis
from layers.catalogue import EVIDENCE, Layer
from service.statistics.reading import Reading

BASIS_NAMES = {
    "ellipsoidal": {
        "zh": "椭球面积（GRS80/CGCS2000 测地线）",
        "en": "ellipsoidal (geodesic on GRS80)",
    },
    "plane": {
        "zh": "高斯平面面积（EPSG:4547）",
        "en": "plane (Gauss-Kruger, EPSG:4547)",
    },
}


class Side(Protocol):
    """Features that a figure rests on."""

    @property
    def layer(self) -> Layer: ...
    @property
    def version(self) -> int: ...
    @property
    def unlocated(self) -> int: ...
    @property
    def evidence_ranks(self) -> NDArray[np.uint8]: ...
    @property
    def accuracies(self) -> FloatArray: ...


@dataclass(frozen=True, slots=True)
class Omission:
    """Features that no figure counts, and why."""

    layer: str
    reason: str
    reason_zh: str
    count: int

    def as_json(self) -> dict[str, Any]:
        return {
            "layer": self.layer,
            "reason": self.reason,
            "reason_zh": self.reason_zh,
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class Provenance:
    """The head of an answer."""

    basis: Basis
    readings: tuple[Side, ...]
    left_out: tuple[Omission, ...] = ()
    notes: tuple[dict[str, str], ...] = field(default=())

    @property
    def versions(self) -> dict[str, int]:
        return {r.layer.id: r.version for r in self.readings}

    @property
    def evidence(self) -> str | None:
        return weakest(self.readings)

    def as_json(self) -> dict[str, Any]:
        evidence = self.evidence
        return {
            "basis": self.basis,
            "basis_zh": BASIS_NAMES[self.basis]["zh"],
            "basis_en": BASIS_NAMES[self.basis]["en"],
            "versions": self.versions,
            "evidence": evidence,
            "indicative": evidence == "indicative",
            "accuracy_m": coarsest(self.readings),
            "left_out": [o.as_json() for o in (*self.unlocated(), *self.left_out)],
            "notes": list(self.notes),
        }

    def unlocated(self) -> list[Omission]:
        """Features without a geometry are in no area."""
        return [
            Omission(r.layer.id, "no geometry", "无几何", r.unlocated)
            for r in self.readings
            if r.unlocated
        ]


def out_of_reach(reading: Reading, dimension: Dimensions) -> list[Omission]:
    """Features so far from the others that no common plane holds them."""
    lost = (dimension < 0) & ~reading.missing
    if not lost.any():
        return []
    return [
        Omission(
            reading.layer.id,
            "too far from the other features to be cut on one plane; ask for them"
            " alone with bbox=",
            "与其他要素相距过远，不能在同一平面上切割；请用 bbox= 单独统计",
            int(lost.sum()),
        )
    ]


def weakest(sides: Iterable[Side]) -> str | None:
    """The weakest evidence among located features; a feature that does not tell its
    evidence counts as indicative. None where there are no features."""
    ranks = [int(ranks.max()) for side in sides if len(ranks := side.evidence_ranks)]
    return EVIDENCE[max(ranks)] if ranks else None


def coarsest(sides: Iterable[Side]) -> float | None:
    """The largest stated position error in metres, if any is stated."""
    numbers = np.concatenate([np.zeros(0), *(side.accuracies for side in sides)])
    known = numbers[np.isfinite(numbers)]
    return float(known.max()) if len(known) else None
