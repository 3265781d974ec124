"""P-values in logarithms, so that nothing underflows: upper tails, and the false discovery rate over many tests."""

import math

import numpy as np
import numpy.typing as npt
from scipy import special, stats

Reals = npt.NDArray[np.float64]
_LN10 = np.log(10.0)
# Where a double begins to lose digits.
_SMALL = 1e-280


def hypergeometric(
    hits: npt.ArrayLike, drawn: npt.ArrayLike, marked: npt.ArrayLike, population: npt.ArrayLike
) -> tuple[Reals, Reals]:
    """Expected number of marked ones among those drawn without replacement, and log10 of the chance of `hits` or more.

    >>> expected, log10_p = hypergeometric([2], [2], [3], [6])
    >>> expected.tolist(), (10**log10_p).round(6).tolist()
    ([1.0], [0.2])
    """
    hits, drawn, marked, population = np.broadcast_arrays(hits, drawn, marked, population)
    expected = drawn * marked / np.maximum(population, 1)
    log10_p = np.zeros(hits.shape)
    asked = hits > 0
    log10_p[asked] = stats.hypergeom.logsf(hits[asked] - 1, population[asked], marked[asked], drawn[asked]) / _LN10
    return expected, np.minimum(log10_p, 0.0)


def binomial(hits: npt.ArrayLike, drawn: npt.ArrayLike, chance: npt.ArrayLike) -> Reals:
    """log10 of the chance of `hits` or more among `drawn`, each with that chance; hits and drawn need not be whole.

    The tail is the regularised incomplete beta function I_chance(hits, drawn - hits + 1). Where that is too small for
    a double, x^a (1-x)^b / (a B(a, b)) · F(a + b, 1; a + 1; x) gives its logarithm.

    >>> (10 ** binomial([1, 0], [2, 2], [0.5, 0.5])).round(6).tolist()
    [0.75, 1.0]
    """
    hits, drawn, chance = (np.asarray(v, np.float64) for v in np.broadcast_arrays(hits, drawn, chance))
    log10_p = np.zeros(hits.shape)
    asked = (hits > 0) & (chance < 1)
    a, b, x = hits[asked], (drawn - hits)[asked] + 1, chance[asked]
    plain = special.betainc(a, b, x)
    with np.errstate(divide="ignore"):
        found = np.log(plain)
        small = plain < _SMALL
        a, b, x = a[small], b[small], x[small]
        series = np.log(special.hyp2f1(a + b, 1, a + 1, x))
        found[small] = a * np.log(x) + b * np.log1p(-x) - np.log(a) - special.betaln(a, b) + series
    log10_p[asked] = np.minimum(found / _LN10, 0.0)
    return log10_p


def benjamini_hochberg(log10_p: npt.ArrayLike, tests: float) -> Reals:
    """log10 of the q-value of each p-value: the smallest false discovery rate at which it would be reported.

    q of the i-th smallest p is the least of p_j · tests / j over j ≥ i, at most 1 (Benjamini and Hochberg 1995,
    in its adjusted form). All in logarithms, so that neither p nor q underflows. Equal p give equal q; order of
    the input does not matter.

    Args:
        log10_p: of the tests whose p-value is known; `-inf` stands for p = 0.
        tests: how many tests were made in all. Those that are not given count as p = 1, which can only make q larger.

    Raises:
        ValueError: fewer tests than p-values, or a p-value above 1 or not a number.

    >>> (10 ** benjamini_hochberg([-3.0, -2.0, 0.0], 10)).round(6).tolist()
    [0.01, 0.05, 1.0]
    """
    log10_p = np.asarray(log10_p, np.float64)
    if tests < len(log10_p):
        raise ValueError(f"{len(log10_p)} p-values cannot come from {tests} tests")
    if not (log10_p <= 0).all():
        raise ValueError("log10 of a p-value is 0 or less")
    if not len(log10_p):
        return log10_p.copy()
    order = np.argsort(log10_p, kind="stable")
    raised = log10_p[order] + (math.log10(tests) - np.log10(np.arange(1, len(order) + 1)))
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 0.0)
    return adjusted
