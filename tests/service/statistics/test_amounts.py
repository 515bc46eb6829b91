import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.statistics.amounts import exact_sum


@given(st.integers(0, 100_000), st.sampled_from([1e-3, 1.0, 1e4]))
def test_many_numbers_sum_to_what_adding_one_by_one_gives(seed: int, scale) -> None:
    values = np.random.default_rng(seed).lognormal(0, 2, 2_000) * scale
    assert exact_sum(values) == pytest.approx(math.fsum(values), abs=1e-11, rel=1e-15)


@given(st.integers(0, 100_000))
def test_the_order_of_numbers_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.lognormal(5, 3, 2_000) * rng.choice([-1.0, 1.0], 2_000)
    assert exact_sum(values) == exact_sum(rng.permutation(values))


def test_numbers_too_large_for_steps_are_added_one_by_one() -> None:
    values = np.full(1_000, 1e300)
    assert exact_sum(values) == math.fsum(values)
