import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit

from graphwatch.detection.counting.pairs import arrange
from graphwatch.detection.families import bicm_kernels as interest_kernels
from graphwatch.detection.families.bicm import Bicm, SharedInterest, fit, shared_interest

RECORDED = json.loads((Path(__file__).parent / "data" / "bicm.json").read_text(encoding="utf-8"))["cases"]
matrices = st.tuples(st.integers(2, 9), st.integers(1, 9)).flatmap(lambda shape: arrays(np.bool_, shape))


def chances(model: Bicm, matrix: np.ndarray) -> np.ndarray:
    """The probability of every entry of a matrix without empty rows or columns."""
    row = model.row[np.searchsorted(model.row_degree, matrix.sum(1))]
    column = model.column[np.searchsorted(model.column_degree, matrix.sum(0))]
    found: np.ndarray = expit(np.add.outer(row, column))
    return found


def without_empty(matrix: np.ndarray) -> np.ndarray:
    return matrix[matrix.any(1)][:, matrix.any(0)]


def every_pair(matrix: np.ndarray) -> tuple[SharedInterest, np.ndarray, np.ndarray]:
    first, second = np.triu_indices(len(matrix), 1)
    account, object = np.nonzero(matrix)
    actions = arrange(account, object, np.zeros(len(account)), accounts=len(matrix))
    return shared_interest(actions, first, second), first, second


def distribution(chance: np.ndarray) -> np.ndarray:
    """Of a sum of independent chances, one at a time."""
    found = np.ones(1)
    for p in chance:
        found = np.convolve(found, [1 - p, p])
    return found


@given(matrices)
def test_expected_degrees_are_the_observed_ones(matrix: np.ndarray) -> None:
    matrix = without_empty(matrix)
    model = fit(matrix.sum(1), matrix.sum(0))
    assert model.converged
    expected = chances(model, matrix)
    assert expected.sum(1) == pytest.approx(matrix.sum(1), rel=1e-7)
    assert expected.sum(0) == pytest.approx(matrix.sum(0), rel=1e-7)


@given(matrices)
def test_p_is_that_of_the_sum_over_all_objects(matrix: np.ndarray) -> None:
    matrix = without_empty(matrix)
    found, first, second = every_pair(matrix)
    expected = chances(fit(matrix.sum(1), matrix.sum(0)), matrix)
    for i, (a, b) in enumerate(zip(first, second, strict=True)):
        shared = int((matrix[a] & matrix[b]).sum())
        both = expected[a] * expected[b]
        assert found.shared[i] == shared
        assert found.expected[i] == pytest.approx(both.sum(), abs=1e-12)
        assert 10 ** found.log10_p[i] == pytest.approx(distribution(both)[shared:].sum(), rel=1e-9)


@pytest.mark.parametrize("case", RECORDED)
def test_chances_and_p_equal_those_of_the_bicm_package(case: dict[str, Any]) -> None:
    matrix = np.array([[c == "1" for c in row] for row in case["matrix"]])
    assert chances(fit(matrix.sum(1), matrix.sum(0)), matrix) == pytest.approx(np.array(case["chance"]), abs=1e-7)
    found, first, second = every_pair(matrix)
    ours = dict(zip(zip(first.tolist(), second.tolist(), strict=True), 10**found.log10_p, strict=True))
    for a, b, p in case["p"]:
        assert ours[int(a), int(b)] == pytest.approx(p, rel=1e-6, abs=1e-12)


@given(st.lists(st.tuples(st.floats(-12, 6), st.integers(1, 9)), min_size=1, max_size=12), st.floats(-3, 3))
@example([(0.0, 4), (5.0, 18), (4.0, 18), (-9.0, 7)], 0.0)
def test_tails_keep_their_precision_however_small(classes: list[tuple[float, int]], row: float) -> None:
    """Against sums of positive terms in extended exponent range: no digit is lost to subtraction there."""
    column, count = (np.array(c) for c in zip(*sorted(classes), strict=True))
    logit = np.stack([column + row, column])
    total = int(count.sum())
    seen = np.arange(total + 1)
    two, bounds = (np.array([0]), np.array([1])), np.array([0, total + 1])
    chances = expit(logit), expit(-logit), count
    mean, log10_p = interest_kernels.tails(*two, bounds, seen, *chances)
    assert mean == pytest.approx((expit(logit[0]) * expit(logit[1])) @ count)
    # Whether one is asked for, or all of them at once, makes no difference.
    for n in (total // 3, total):
        _, alone = interest_kernels.tails(*two, np.array([0, 1]), np.array([n]), *chances)
        assert alone[0] == pytest.approx(log10_p[n], rel=1e-10, abs=1e-10)
    terms = [0.0] + [-np.inf] * total
    for here, other, many in zip(*logit, count, strict=True):
        log_both = -np.logaddexp(0, -here) - np.logaddexp(0, -other)
        log_else = np.log(expit(-here) + expit(-other) - expit(-here) * expit(-other))
        for _ in range(many):
            terms = np.logaddexp(np.array(terms) + log_else, np.concatenate([[-np.inf], terms[:-1]]) + log_both)
    expected = np.logaddexp.accumulate(np.array(terms)[::-1])[::-1] / np.log(10)
    assert log10_p == pytest.approx(np.minimum(expected, 0), rel=1e-10, abs=1e-10)


def test_many_objects_give_a_tail_far_below_the_smallest_float() -> None:
    count = np.array([40_000])
    chance = np.full((1, 1), 1e-3)
    zero, bounds, seen = np.array([0]), np.array([0, 2]), np.array([1, 400])
    _, log10_p = interest_kernels.tails(zero, zero, bounds, seen, chance, 1 - chance, count)
    from scipy.stats import binom

    below = np.arange(400, 40_001)
    assert log10_p[0] == pytest.approx(np.log10(-np.expm1(40_000 * np.log1p(-1e-6))), rel=1e-9)
    assert log10_p[1] < -400
    assert log10_p[1] == pytest.approx(np.logaddexp.reduce(binom.logpmf(below, 40_000, 1e-6)) / np.log(10), rel=1e-9)


def test_those_who_act_on_everything_share_what_they_must() -> None:
    matrix = np.array([[1, 1, 1, 1], [1, 1, 1, 1], [1, 0, 0, 0], [1, 1, 0, 0]], bool)
    found, _, _ = every_pair(matrix)
    assert found.log10_p.tolist() == [0.0] * 6
    assert found.expected == pytest.approx([4, 1, 2, 1, 2, 1])


def test_a_pair_that_shares_rare_objects_stands_out_and_the_rest_does_not() -> None:
    random = np.random.default_rng(7)
    matrix = random.random((400, 300)) < 0.03
    matrix[:2] = False
    matrix[:2, :10] = True
    found, _, _ = every_pair(matrix)
    assert found.tests == 400 * 399 // 2
    assert np.argmin(found.log10_p) == 0
    assert found.log10_p[0] < -9
    assert (found.log10_p[1:] < -2).mean() <= 0.01


def test_order_duplicates_times_and_the_order_within_a_pair_change_nothing() -> None:
    random = np.random.default_rng(3)
    account, object = random.integers(0, 9, 60), random.integers(0, 20, 60)
    first, second = np.triu_indices(9, 1)
    one = shared_interest(arrange(account, object, np.zeros(60)), first, second)
    again = random.integers(0, 60, 90)
    rows = np.concatenate([random.permutation(60), again])
    other = shared_interest(arrange(account[rows], object[rows], random.integers(0, 99, 150)), second, first)
    assert one.shared.tolist() == other.shared.tolist()
    assert one.log10_p.tolist() == other.log10_p.tolist()


def test_a_fit_that_does_not_reach_the_degrees_says_so() -> None:
    model = fit([4, 4, 1, 1, 1, 1], [5, 4, 1, 1, 1])  # no matrix: two rows reach 7 entries at most, not 8
    assert not model.converged
    assert model.error > 1e-3


@pytest.mark.parametrize("columns", [[3, 3], [3, 3, 1, 1, 1], [2, 1]])
def test_degrees_that_cannot_be_are_refused(columns: list[int]) -> None:
    with pytest.raises(ValueError, match="no binary matrix"):
        fit([3, 3, 1], columns)


def test_no_pairs_and_no_actions_give_nothing() -> None:
    found = shared_interest(arrange([], [], []), [], [])
    assert (len(found.shared), found.tests, found.converged) == (0, 0, True)
    assert len(shared_interest(arrange([0, 1], [0, 0], [0, 0]), [], []).log10_p) == 0


@pytest.mark.parametrize(("first", "second", "says"), [(0, 0, "itself"), (0, 2, "no action")])
def test_pairs_that_cannot_be_are_refused(first: int, second: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        shared_interest(arrange([0, 1], [0, 0], [0, 0], accounts=3), [first], [second])
