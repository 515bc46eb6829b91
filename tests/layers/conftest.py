"""The first layers, as they are committed."""

from collections.abc import Callable

import pytest
from shapely.geometry.base import BaseGeometry

from geo.frame import Frame
from layers.catalogue import Catalogue
from layers.initial import initial_frame


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture(scope="session")
def frame(catalogue: Catalogue) -> Callable[[str], Frame]:
    frames: dict[str, Frame] = {}

    def of(layer: str) -> Frame:
        if layer not in frames:
            frames[layer] = initial_frame(catalogue.get(layer))
        return frames[layer]

    return of


@pytest.fixture(scope="session")
def shape_of(frame: Callable[[str], Frame]) -> Callable[[str, str], BaseGeometry]:
    def of(layer: str, id: str) -> BaseGeometry:
        features = frame(layer)
        return features.geometry[features.ids.tolist().index(id)]

    return of
