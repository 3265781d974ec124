import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from graphwatch.detection.fdr import benjamini_hochberg

p_values = st.lists(st.floats(1e-12, 1) | st.sampled_from([0.01, 0.5, 1.0]), min_size=1, max_size=30)


@given(p_values)
def test_with_every_test_given_it_is_scipys(p: list[float]) -> None:
    assert 10 ** benjamini_hochberg(np.log10(p), len(p)) == pytest.approx(false_discovery_control(p), rel=1e-9)


@given(p_values, st.integers(0, 500))
def test_tests_that_are_not_given_count_as_one(p: list[float], more: int) -> None:
    expected = false_discovery_control(p + [1.0] * more)[: len(p)]
    assert 10 ** benjamini_hochberg(np.log10(p), len(p) + more) == pytest.approx(expected, rel=1e-9)


@given(p_values, st.randoms(use_true_random=False))
def test_larger_p_has_larger_q_equal_p_equal_q_and_order_does_not_matter(p: list[float], random: object) -> None:
    q = benjamini_hochberg(np.log10(p), 100)
    assert (q <= 0).all()
    assert (q >= np.log10(p)).all()
    by_p = dict(zip(p, q, strict=True))
    assert [by_p[x] for x in p] == q.tolist()
    assert [by_p[x] for x in sorted(p)] == sorted(q)
    shuffled = list(p)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert [by_p[x] for x in shuffled] == benjamini_hochberg(np.log10(shuffled), 100).tolist()


def test_nothing_underflows() -> None:
    q = benjamini_hochberg([-4000.0, -3000.0, -np.inf], 1e12)
    assert q == pytest.approx([-4000 + 12 - np.log10(2), -3000 + 12 - np.log10(3), -np.inf])


def test_no_p_value_gives_none() -> None:
    assert len(benjamini_hochberg([], 0)) == 0


@pytest.mark.parametrize(("log10_p", "tests"), [([-1.0, -2.0], 1), ([0.1], 5), ([float("nan")], 5)])
def test_impossible_input_is_refused(log10_p: list[float], tests: int) -> None:
    with pytest.raises(ValueError):
        benjamini_hochberg(log10_p, tests)
