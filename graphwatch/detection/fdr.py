"""Many tests at once: how many false ones are among those that are reported?"""

import math

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]


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
