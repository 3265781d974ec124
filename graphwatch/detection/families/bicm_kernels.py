"""Kernels of the shared-interest test: loops over arrays that numba compiles.

Interactions are sorted by (object, time) and indexed by account, as in `counting.Actions`.
"""

import math

import numpy as np
import numpy.typing as npt

from graphwatch.common.compiled import compiled
from graphwatch.detection.counting.pair_kernels import common_object

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

_NEGLIGIBLE = 1e-13  # of a sum: what its remaining terms may add
_MAY_LOSE = 8.0  # log of the precision that the recurrence may cost: 1e-16 becomes 3e-13
_LARGE = 1e200  # coefficients beyond this are scaled down
_LARGEST = 1e250  # and these before they may be larger than this
_MOST_TILT = 100.0  # log of what tilting may put between the first and the last coefficient where tails share them
_VANISHING = 1e-40  # of the first power sum
_NO_PART = 1e-60  # of the first power sum: what one class adds to a later one
_FAINT = 1e-200  # a coefficient beside the largest ones, below which digits would be lost


@compiled
def degrees(object: Ints, position: Longs, start: Longs, objects: int) -> tuple[Longs, Longs]:
    """Distinct objects of each account, and distinct accounts of each object."""
    accounts = len(start) - 1
    of_account, of_object = np.zeros(accounts, np.int64), np.zeros(objects, np.int64)
    for a in range(accounts):
        last = -1
        for r in range(start[a], start[a + 1]):
            o = object[position[r]]
            if o != last:
                last = o
                of_account[a] += 1
                of_object[o] += 1
    return of_account, of_object


@compiled
def shared_objects(first: Ints, second: Ints, object: Ints, position: Longs, start: Longs) -> Ints:
    """For each pair, the number of distinct objects on which both acted."""
    shared = np.zeros(len(first), np.int32)
    for i in range(len(first)):
        a, end_a = start[first[i]], start[first[i] + 1]
        b, end_b = start[second[i]], start[second[i] + 1]
        while True:
            a, after_a, b, after_b = common_object(object, position, a, end_a, b, end_b)
            if a == end_a:
                break
            shared[i] += 1
            a, b = after_a, after_b
    return shared


@compiled
def tails(  # type: ignore[no-untyped-def]
    row: Longs, other: Longs, bounds: Longs, least: Longs, in_rows: Reals, out_rows: Reals, count: Longs
):
    """Mean and log10 P(S ≥ least), where S is a sum of independent chances over objects.

    Args:
        row, other: two rows of `in_rows`.
        bounds: the numbers that were seen in these two rows are `least[bounds[i]:bounds[i + 1]]`, ascending.
        in_rows, out_rows: chance that an account of that row acts on an object of each class, and that it does not.
        count: objects in each class.

    Returns:
        The mean of each two rows, and log10 of p of each number that was seen.
    """
    mean, log10_p = np.empty(len(row)), np.empty(bounds[-1] - bounds[0])
    for i in range(len(row)):
        a, b, begin, end = row[i], other[i], bounds[i], bounds[i + 1]
        own = log10_p[begin - bounds[0] : end - bounds[0]]
        mean[i] = _tails_of(in_rows[a], out_rows[a], in_rows[b], out_rows[b], count, least[begin:end], own)
    return mean, log10_p


@compiled
def _tails_of(p, not_p, r, not_r, count, least, log10_p):  # type: ignore[no-untyped-def]
    """Mean of the sum; `log10_p` gets log10 of its upper tail from each of the ascending `least` on.

    With odds w = π/(1 - π) of each object, P(S = n) is the coefficient of zⁿ in Π(1 + w z) over Π(1 + w). Objects
    that both have for certain are taken out first.
    """
    odds, many = np.empty(len(count)), np.empty(len(count))
    classes, certain, mean, log_none = 0, 0, 0.0, 0.0
    for b in range(len(count)):
        both = p[b] * r[b]
        neither = not_p[b] + not_r[b] - not_p[b] * not_r[b]
        mean += count[b] * both
        if neither <= 0.0:
            certain += count[b]
        elif both > 0.0:
            odds[classes], many[classes] = both / neither, count[b]
            log_none -= count[b] * math.log1p(both / neither)
            classes += 1
    odds, many = odds[:classes], many[:classes]
    left = len(least)
    while left > 0 and least[left - 1] - certain > many.sum():
        left -= 1
        log10_p[left] = -np.inf
    while left > 0 and least[left - 1] > certain:
        left = _sum_some(odds, many, least, left, certain, mean, log_none, log10_p)
    log10_p[:left] = 0.0
    return mean


@compiled
def _sum_some(  # type: ignore[no-untyped-def]
    odds: Reals, many: Reals, least: Longs, left: int, certain: int, mean: float, log_none: float, log10_p: Reals
):
    """The tails from the last of `least[:left]`, and from those before it that can share its coefficients.

    What is lost of a coefficient's precision, see `_coefficients`, is less for all before it; but where the sum is much
    tilted those far before the last would underflow, and they are not shared. Above the mean the
    coefficients are summed upwards until the rest, which falls at least geometrically because the distribution is
    log-concave, is negligible; at or below it, the other side is summed and subtracted from 1.

    Returns:
        How many are left.
    """
    aim = least[left - 1] - certain
    upwards, beyond, total = aim > mean - certain, 16 + 4 * int(math.sqrt(aim)), int(many.sum())
    log_tilt = _log_tilt(odds, many, aim if upwards else aim - 1)
    while True:
        last = min(total, aim + beyond) if upwards else aim - 1
        terms, log_scale = _coefficients(odds * math.exp(log_tilt), many, last)
        found = _sum_upwards(terms, aim, log_tilt) if upwards else 0.0
        if found >= 0.0 or last == total:
            break
        beyond *= 2
    while left > 0 and least[left - 1] > certain:
        n = least[left - 1] - certain
        upwards = n > mean - certain
        if n < aim and (abs(log_tilt) * aim > _MOST_TILT or terms[n if upwards else n - 1] < _FAINT):
            break
        left -= 1
        if upwards:
            found = math.log(abs(_sum_upwards(terms, n, log_tilt))) + log_scale - n * log_tilt
            log10_p[left] = min(0.0, (found + log_none) / math.log(10.0))
        else:
            below = math.log(_sum_below(terms, n, log_tilt)) + log_scale - (n - 1) * log_tilt
            below = math.exp(min(0.0, below + log_none))
            log10_p[left] = (math.log1p(-below) if below < 1.0 else -np.inf) / math.log(10.0)
    return left


@compiled
def _sum_upwards(terms, least, log_tilt):  # type: ignore[no-untyped-def]
    """The sum of the coefficients from `least` on, in the scale of that one; negative where there may be more of them.

    Args:
        terms: coefficients of the tilted sum.
    """
    found, before, weight, step = 0.0, 0.0, 1.0, math.exp(-log_tilt)
    for n in range(least, len(terms)):
        term = terms[n] * weight
        found += term
        ratio = term / before if before > 0.0 else 1.0
        if ratio < 1.0 and term * ratio < _NEGLIGIBLE * found * (1.0 - ratio):
            return found
        before = term
        weight *= step
    return -found


@compiled
def _sum_below(terms: Reals, least: int, log_tilt: float) -> float:
    """The sum of the coefficients below `least`, in the scale of the last of them."""
    found, step = 0.0, math.exp(log_tilt)
    for n in range(least):
        found = found * step + terms[n]
    return found


@compiled
def _log_tilt(odds: Reals, many: Reals, aim: int) -> float:
    """Log of the factor on the odds that moves the mean to about `aim`.

    The coefficients of the tilted sum are largest near `aim`, so that they neither underflow nor cancel there.
    """
    wanted = min(max(float(aim), 0.5), many.sum() - 0.5)
    log_tilt = 0.0
    for _ in range(100):
        factor, mean, variance = math.exp(log_tilt), 0.0, 0.0
        for b in range(len(odds)):
            w = odds[b] * factor
            mean += many[b] * w / (1.0 + w)
            variance += many[b] * w / ((1.0 + w) * (1.0 + w))
        if abs(mean - wanted) < 0.01 * wanted:
            break
        log_tilt += min(max((wanted - mean) / variance, -2.0), 2.0)
    return log_tilt


@compiled
def _coefficients(odds: Reals, many: Reals, last: int) -> tuple[Reals, float]:
    """Coefficients of z⁰ … z^last in Π(1 + odds z)^many, divided by exp of the second result.

    Small odds come first in the array. Those are multiplied all at once by the recurrence for a product of
    powers (n cₙ = Σ (-1)^(k-1) T_k cₙ₋ₖ with T_k = Σ many odds^k), whose terms alternate: it loses a factor of
    at most Π (1 - odds²)^-many in precision, so the odds that would make that too much are multiplied in one by
    one, where nothing is subtracted.
    """
    lost, light = 0.0, 0
    while light < len(odds) and odds[light] < 0.5:
        lost -= many[light] * math.log1p(-odds[light] * odds[light])
        if lost > _MAY_LOSE:
            break
        light += 1
    sums = _power_sums(odds[:light], many[:light], last)
    terms, log_scale = np.zeros(last + 1), 0.0
    terms[0] = 1.0
    for n in range(1, last + 1):
        found = 0.0
        for k in range(1, min(n, len(sums) - 1) + 1):
            found += sums[k] * terms[n - k]
        terms[n] = max(0.0, found / n)
        if terms[n] > _LARGE:
            _divide(terms, n + 1, _LARGE)
            log_scale += math.log(_LARGE)
    most = _LARGE
    for b in range(light, len(odds)):
        for _ in range(int(many[b])):
            most *= 1.0 + odds[b]
            if most > _LARGEST:
                largest = terms.max()
                _divide(terms, last + 1, largest)
                log_scale += math.log(largest)
                most = 1.0 + odds[b]
            for n in range(last, 0, -1):
                terms[n] += odds[b] * terms[n - 1]
    return terms, log_scale


@compiled
def _divide(values: Reals, upto: int, by: float) -> None:
    """The first `upto` values divided; numpy's own way to say so takes seconds to compile."""
    for i in range(upto):
        values[i] /= by


@compiled
def _power_sums(odds: Reals, many: Reals, last: int) -> Reals:
    """(-1)^(k-1) Σ many odds^k for k from 1, as far as they matter and at most to `last`; small odds come first."""
    sums, power, sign, begin = np.zeros(last + 1), many.copy(), 1.0, 0
    for k in range(1, last + 1):
        found = 0.0
        for b in range(begin, len(odds)):
            power[b] *= odds[b]
            found += power[b]
        if found <= _VANISHING * abs(sums[1]):
            return sums[:k]
        while begin < len(odds) and power[begin] < _NO_PART * abs(sums[1]):
            begin += 1
        sums[k] = sign * found
        sign = -sign
    return sums
