"""Every committed feature is complete, valid and on the right datum."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from geo.frame import Frame
from layers.catalogue import EVIDENCE, Catalogue
from layers.initial import data_path, initial_frame

LAYERS = [layer.id for layer in Catalogue.load()]


@pytest.mark.parametrize("layer", LAYERS)
def test_ids_are_unique_and_geometry_is_valid(
    frame: Callable[[str], Frame], layer: str
) -> None:
    features = frame(layer)
    located = features.geometry[~shapely.is_missing(features.geometry)]
    assert len(set(features.ids)) == len(features)
    assert shapely.is_valid(located).all()


@pytest.mark.parametrize("layer", LAYERS)
def test_every_feature_says_its_source_and_evidence(
    frame: Callable[[str], Frame], layer: str
) -> None:
    columns = frame(layer).columns
    for name in ("name_zh", "name_en", "status", "source_title", "source_ref"):
        assert all(columns[name]), name
    assert set(columns["evidence"]) <= set(EVIDENCE)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_drawn_shape_says_how_it_was_drawn(
    frame: Callable[[str], Frame], layer: str
) -> None:
    features = frame(layer)
    drawn = ~shapely.is_missing(features.geometry)
    if len(features):
        assert all(features.columns["construction"][drawn])
        assert np.isfinite(features.columns["accuracy_m"][drawn]).all()


def test_a_layer_without_data_starts_empty(catalogue: Catalogue) -> None:
    parcels = initial_frame(catalogue.get("parcels"))
    assert len(parcels) == 0 and "landuse_code" in parcels.columns


def test_a_layer_without_a_file_has_no_path() -> None:
    assert data_path("nowhere") is None
