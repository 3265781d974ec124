import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.tails import binomial, hypergeometric


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
