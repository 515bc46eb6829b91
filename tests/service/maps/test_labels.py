"""Names never cover each other, a station or the frame."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.maps.font import ASCENT, DESCENT, text_width
from service.maps.labels import Label, Wish, place_labels, wrapped
from service.maps.page import Rect

FRAME = Rect(0, 0, 100, 60)
NONE = np.empty((0, 4))

wishes = st.lists(
    st.builds(
        Wish,
        text=st.sampled_from(["荔湾", "Baietan", "白鹅潭核心区", "滘"]),
        at=st.tuples(st.tuples(st.floats(0, 100), st.floats(0, 60))),
        size=st.just(3.0),
        priority=st.integers(0, 3).map(float),
        offset=st.sampled_from([0.0, 1.5]),
    ),
    max_size=40,
)


def box(label: Label) -> tuple[float, float, float, float]:
    top = label.y - label.size * ASCENT
    right = label.x + text_width(label.text, label.size)
    return label.x, top, right, top + label.size * (ASCENT + DESCENT)


@given(wishes)
def test_no_two_names_overlap(asked: list[Wish]) -> None:
    boxes = [box(label) for label in place_labels(asked, FRAME, NONE)]
    for n, a in enumerate(boxes):
        for b in boxes[:n]:
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


@given(wishes)
def test_every_name_stays_in_the_frame(asked: list[Wish]) -> None:
    for left, top, right, bottom in map(box, place_labels(asked, FRAME, NONE)):
        assert left >= 0 and top >= 0 and right <= 100 and bottom <= 60


@given(wishes)
def test_the_order_of_asking_does_not_matter(asked: list[Wish]) -> None:
    forwards = place_labels(asked, FRAME, NONE)
    assert place_labels(asked[::-1], FRAME, NONE) == forwards


def test_the_higher_priority_gets_the_place() -> None:
    low = Wish("低", ((50, 30),), 3.0, 1.0)
    high = Wish("高", ((50, 30),), 3.0, 2.0)
    assert [label.text for label in place_labels([low, high], FRAME, NONE)] == ["高"]


def test_a_name_avoids_a_station() -> None:
    station = np.array([[48.0, 28.0, 52.0, 32.0]])
    wish = Wish("名", ((50, 30),), 3.0, 1.0)
    assert place_labels([wish], FRAME, station) == []


def test_a_name_wider_than_its_room_is_left_out() -> None:
    wish = Wish("很长的名字", ((50, 30),), 3.0, 1.0, room=5.0)
    assert place_labels([wish], FRAME, NONE) == []


def test_a_long_name_is_set_on_two_lines() -> None:
    assert wrapped("Medical-Port Health Industry Group") == [
        "Medical-Port Health",
        "Industry Group",
    ]
