"""用地平衡表: a land-use table whose rows sum to the whole, and says so.

whole = rows + unclassified - overlapping + uncovered + residual. The whole is the area
of the territory asked for (``within``), or the ground that the features cover together,
of which nothing can be uncovered. Rows are measured feature by feature, the overlapping
on what each feature shares with those before it, the whole and the uncovered on the
ground: none is the difference of others, so the residual is a proof and not a filler.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.doubled import again_m2, ground_m2, neighbourhoods
from geo.frame import FloatArray
from geo.overlap import AREA, areas, coverage, overlaps
from geo.parts import Rows, sum_by_row
from geo.surface import Basis, Surface
from service.frames import Figures
from service.statistics.amounts import area_amounts, exact_sum, share
from service.statistics.classes import Classes, classes_of, indices, order_of
from service.statistics.provenance import Omission, Provenance, out_of_reach
from service.statistics.reading import Reading, surface_for


@dataclass(frozen=True, slots=True)
class Terms:
    """Areas of the rows (by ``row`` of the reading) and of the whole, in m²."""

    row: Rows
    amount: FloatArray
    whole: float
    overlapping: float
    uncovered: float
    left_out: tuple[Omission, ...] = ()


def balance_table(
    reading: Reading,
    *,
    within: Reading | None = None,
    scheme: str | None = None,
    level: int = 1,
    basis: Basis = "ellipsoidal",
    population: float | None = None,
) -> dict[str, Any]:
    """Rows by class of ``scheme`` at ``level`` (of the whole layer, or of what lies
    ``within`` the one feature read there)."""
    whole = reading
    if within is not None:
        reading = reading.near(within.extent)
    classes = classes_of(reading, report=scheme, level=level, whole=whole)
    terms = _within(reading, within, basis) if within else _whole(reading, basis)
    rows, unclassified = _rows(classes, terms, population)
    readings = (reading, within) if within else (reading,)
    return {
        "layer": reading.layer.id,
        "within": f"{within.layer.id}/{within.ids[0]}" if within else None,
        "level": level,
        **classes.as_json(),
        **Provenance(basis, readings, terms.left_out, classes.notes()).as_json(),
        "population": population,
        "rows": rows,
        "unclassified": unclassified,
        "overlapping": _term(terms.overlapping, terms.whole),
        "uncovered": _term(terms.uncovered, terms.whole),
        "total": _total(terms, population),
    }


def _within(reading: Reading, within: Reading, basis: Basis) -> Terms:
    on = surface_for(basis, within.bounds)
    a, b = within.laid(on), reading.laid(on)
    pairs = overlaps(a, b)
    cover = coverage(a, pairs)
    return Terms(
        pairs.b,
        np.where(pairs.dimension == AREA, pairs.amount, 0.0),
        exact_sum(cover.whole),
        again_m2(areas(on, pairs.piece[pairs.dimension == AREA])),
        exact_sum(cover.uncovered),
    )


def _whole(reading: Reading, basis: Basis) -> Terms:
    on = surface_for(basis, reading.bounds)
    dimension, measured = reading.measured(on)
    amount = np.where(dimension == AREA, measured, 0.0)

    found = ground(reading, on)
    return Terms(
        np.arange(len(amount)),
        amount,
        found["ground_m2"],
        found["again_m2"],
        0.0,
        tuple(out_of_reach(reading, dimension)),
    )


def ground(reading: Reading, on: Surface) -> Figures:
    """What the features cover together and what again, kept of whole versions."""

    def measured() -> Figures:
        laid = reading.laid(on)
        around = neighbourhoods(laid)
        return {
            "ground_m2": ground_m2(laid, around),
            "again_m2": again_m2(laid, around),
        }

    if not reading.whole:
        return measured()
    return reading.snapshot.figures(f"ground.{on.basis}", measured)


def _rows(
    classes: Classes, terms: Terms, population: float | None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    order = order_of(classes.target)
    keys = sorted({c for c in classes.codes if c is not None}, key=order.__getitem__)
    place = indices(classes.codes, keys)[terms.row]
    assumed = np.array(classes.assumed, dtype=bool)[terms.row]
    areas = sum_by_row(place, terms.amount, len(keys) + 1)
    guessed = sum_by_row(place, np.where(assumed, terms.amount, 0.0), len(keys) + 1)
    counts = np.bincount(place[terms.amount > 0], minlength=len(keys) + 1)
    rows = []
    for n, key in enumerate(keys):
        if counts[n] == 0:
            continue
        each = classes.target.classes[key]
        rows.append(
            {
                "code": key,
                "name_zh": each.name_zh,
                "name_en": each.name_en,
                "count": int(counts[n]),
                **_term(areas[n], terms.whole),
                "m2_per_person": areas[n] / population if population else None,
                "one_to_many_m2": float(guessed[n]),
            }
        )
    rest = {"count": int(counts[-1]), **_term(areas[-1], terms.whole)}
    return rows, rest


def _term(m2: float, whole: float) -> dict[str, Any]:
    return {**area_amounts(m2), "share": share(m2, whole)}


def _total(terms: Terms, population: float | None) -> dict[str, Any]:
    parts = exact_sum([*terms.amount, -terms.overlapping, terms.uncovered])
    residual = terms.whole - parts
    return {
        **area_amounts(terms.whole),
        "m2_per_person": terms.whole / population if population else None,
        "features": len(np.unique(terms.row[terms.amount > 0])),
        "residual_m2": residual,
        "closes_to_1_cm2": bool(abs(residual) < 1e-4),
    }
