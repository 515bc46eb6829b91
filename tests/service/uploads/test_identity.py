"""Ids made of content stay what they were: a file sent again changes nothing."""

from __future__ import annotations

import numpy as np
import shapely

from service.uploads.identity import feature_ids
from service.uploads.mapping import Mapped
from tests.service.uploads.bench_folder import CATALOGUE

LAYER = CATALOGUE.get("parcels")
SHAPES = np.array([shapely.box(113.2, 23.0, 113.3, 23.1), None])


def ids(**columns: list) -> list[str]:
    arrays = {name: np.array(values, dtype=object) for name, values in columns.items()}
    mapped = Mapped(arrays, None, frozenset(), {}, [])
    return feature_ids(mapped, SHAPES, LAYER)[0].tolist()


def test_a_value_that_is_missing_says_nothing() -> None:
    plain = ids(name=["甲", None])
    assert plain == ids(name=["甲", ""], code=[None, None], size=[np.nan, np.nan])


def test_the_digest_is_fixed() -> None:
    assert ids(name=["甲", None], size=[1.5, 2.0]) == [
        "parcels-726c342a9833",
        "parcels-5a9eef5a9350",
    ]
