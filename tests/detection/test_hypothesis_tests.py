import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from graphwatch.detection.chance.hypothesis_tests import benjamini_hochberg, binomial, hypergeometric

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


@given(st.data())
def test_hypergeometric_is_what_drawing_every_way_gives(data: st.DataObject) -> None:
    population = data.draw(st.integers(1, 9))
    marked, drawn = data.draw(st.integers(0, population)), data.draw(st.integers(0, population))
    hits = data.draw(st.integers(0, min(marked, drawn)))
    ways = [sum(i < marked for i in chosen) for chosen in combinations(range(population), drawn)]
    expected, log10_p = hypergeometric(hits, drawn, marked, population)
    assert float(expected) == pytest.approx(sum(ways) / len(ways))
    chance = sum(n >= hits for n in ways) / len(ways)
    assert (10.0**log10_p if chance else 0.0) == pytest.approx(chance)


def exact_binomial(hits: int, drawn: int, chance: Fraction) -> Fraction:
    return sum(
        (math.comb(drawn, k) * chance**k * (1 - chance) ** (drawn - k) for k in range(hits, drawn + 1)), Fraction(0)
    )


def log10(value: Fraction) -> float:
    """Without underflow: by lengths of whole numbers."""
    return (math.log(value.numerator) - math.log(value.denominator)) / math.log(10)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 99))
def test_binomial_is_the_sum_of_its_terms(hits: int, more: int, percent: int) -> None:
    exact = exact_binomial(hits, hits + more, Fraction(percent, 100))
    assert float(binomial(hits, hits + more, percent / 100)) == pytest.approx(log10(exact), abs=1e-9)


@pytest.mark.parametrize(("hits", "drawn"), [(200, 400), (390, 400), (400, 400)])
def test_tails_too_small_for_a_double_keep_their_size(hits: int, drawn: int) -> None:
    exact = log10(exact_binomial(hits, drawn, Fraction(1, 100)))
    assert exact < -250
    assert float(binomial(hits, drawn, 0.01)) == pytest.approx(exact, rel=1e-9)


def test_a_cluster_wholly_on_a_small_roster_does_not_underflow() -> None:
    _, log10_p = hypergeometric(500, 500, 500, 1_000_000)
    exact = -math.log10(math.comb(1_000_000, 500))
    assert float(log10_p) == pytest.approx(exact, rel=1e-6)
    assert np.isfinite(log10_p)
