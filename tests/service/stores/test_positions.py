"""Positions are written alike, whichever way is the quicker."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.errors import InvalidGeometry
from service.stores.positions import position_texts

NEAR = st.tuples(st.floats(100, 179.9999999), st.floats(10, 89.9999999))
ANYWHERE = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def read(text: bytes) -> list[list[float]]:
    parsed: list[list[float]] = json.loads(b"[" + text + b"]")
    return parsed


@given(st.lists(st.lists(NEAR, min_size=1, max_size=5), min_size=1, max_size=4))
def test_positions_near_here_read_back_rounded(runs: list[list[list[float]]]) -> None:
    xy = np.array([position for run in runs for position in run])
    texts = position_texts(xy, np.array([len(run) for run in runs]))
    assert [read(text) for text in texts] == [np.round(r, 7).tolist() for r in runs]


@given(st.lists(st.lists(ANYWHERE, min_size=1, max_size=5), min_size=1, max_size=4))
def test_positions_anywhere_read_back_rounded(runs: list[list[list[float]]]) -> None:
    xy = np.array([position for run in runs for position in run])
    texts = position_texts(xy, np.array([len(run) for run in runs]))
    assert [read(text) for text in texts] == [np.round(r, 7).tolist() for r in runs]


def test_positions_that_round_up_to_the_border_are_written_the_general_way() -> None:
    xy = np.array([[179.99999999, 89.99999999], [99.99999999, 9.99999999]])
    texts = position_texts(xy, np.array([1, 1]))
    assert [read(text) for text in texts] == [[[180.0, 90.0]], [[100.0, 10.0]]]


@given(arrays(np.float64, (3, 2), elements=st.floats(100, 179)))
def test_one_far_position_changes_nothing_for_the_others(xy: np.ndarray) -> None:
    xy[:, 1] /= 4
    alone = position_texts(xy[:2], np.array([2]))
    beside = position_texts(np.vstack((xy[:2], [[-3.5, 40.0]])), np.array([2, 1]))
    assert read(alone[0]) == read(beside[0])


def test_nothing_gives_nothing() -> None:
    assert position_texts(np.empty((0, 2)), np.empty(0, dtype=int)) == []


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(InvalidGeometry):
        position_texts(np.array([[113.0, value]]), np.array([1]))
