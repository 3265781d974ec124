"""Kernels of the shared-interest test: loops over arrays that numba compiles.

Interactions are sorted by (object, time) and indexed by account, as in `counting.Actions`.
"""

import math

import numpy as np
import numpy.typing as npt

from graphwatch.common.compiled import compiled
from graphwatch.detection.pair_kernels import common_object

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

_NEGLIGIBLE = 1e-13  # of a sum: what its remaining terms may add
_MAY_LOSE = 8.0  # log of the precision that the recurrence may cost: 1e-16 becomes 3e-13
_LARGE = 1e200  # coefficients beyond this are scaled down
_VANISHING = 1e-40  # of the first power sum


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
    row: Longs, other: Longs, least: Longs, in_rows: Reals, out_rows: Reals, count: Longs
):
    """Mean and log10 P(S ≥ least) for each pair of rows, where S is a sum of independent chances over objects.

    Args:
        row, other: rows of the pair in `in_rows`.
        least: the number that was seen.
        in_rows, out_rows: chance that an account of that row acts on an object of each class, and that it does not.
        count: objects in each class.
    """
    mean, log10_p = np.empty(len(row)), np.empty(len(row))
    for i in range(len(row)):
        a, b = row[i], other[i]
        mean[i], log10_p[i] = _tail(in_rows[a], out_rows[a], in_rows[b], out_rows[b], count, least[i])
    return mean, log10_p


@compiled
def _tail(p: Reals, not_p: Reals, r: Reals, not_r: Reals, count: Longs, least: int) -> tuple[float, float]:
    """Mean of the sum and log10 of its upper tail.

    With odds w = π/(1 - π) of each object, P(S = n) is the coefficient of zⁿ in Π(1 + w z) over Π(1 + w). Objects
    that both have for certain are taken out first. Above the mean the coefficients are summed upwards from `least`
    until the rest, which falls at least geometrically because the distribution is log-concave, is negligible;
    at or below it, the other side is summed and subtracted from 1.
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
    least -= certain
    odds, many = odds[:classes], many[:classes]
    if least <= 0:
        return mean, 0.0
    if least > many.sum():
        return mean, -np.inf
    if least > mean - certain:
        found = _sum_upwards(odds, many, least)
        return mean, min(0.0, (found + log_none) / math.log(10.0))
    below = math.exp(min(0.0, _sum_below(odds, many, least) + log_none))
    return mean, (math.log1p(-below) if below < 1.0 else -np.inf) / math.log(10.0)


@compiled
def _sum_upwards(odds: Reals, many: Reals, least: int) -> float:
    """Log of the sum of the coefficients from `least` on."""
    log_tilt = _log_tilt(odds, many, least)
    total = int(many.sum())
    beyond = 16 + 4 * int(math.sqrt(least))
    while True:
        last = min(total, least + beyond)
        terms, log_scale = _coefficients(odds * math.exp(log_tilt), many, last)
        found, before, step = 0.0, 0.0, math.exp(-log_tilt)
        weight = 1.0
        for n in range(least, last + 1):
            term = terms[n] * weight
            found += term
            ratio = term / before if before > 0.0 else 1.0
            if ratio < 1.0 and term * ratio < _NEGLIGIBLE * found * (1.0 - ratio):
                break
            before = term
            weight *= step
        else:
            if last < total:
                beyond *= 2
                continue
        return float(math.log(found) + log_scale - least * log_tilt)


@compiled
def _sum_below(odds: Reals, many: Reals, least: int) -> float:
    """Log of the sum of the coefficients below `least`."""
    top = least - 1
    log_tilt = _log_tilt(odds, many, top)
    terms, log_scale = _coefficients(odds * math.exp(log_tilt), many, top)
    found = 0.0
    for n in range(least):
        found += terms[n] * math.exp((top - n) * log_tilt)
    return float(math.log(found) + log_scale - top * log_tilt)


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
    for b in range(light, len(odds)):
        for _ in range(int(many[b])):
            largest = 0.0
            for n in range(last, 0, -1):
                terms[n] += odds[b] * terms[n - 1]
                largest = max(largest, terms[n])
            if largest > _LARGE:
                _divide(terms, last + 1, _LARGE)
                log_scale += math.log(_LARGE)
    return terms, log_scale


@compiled
def _divide(values: Reals, upto: int, by: float) -> None:
    """The first `upto` values divided; numpy's own way to say so takes seconds to compile."""
    for i in range(upto):
        values[i] /= by


@compiled
def _power_sums(odds: Reals, many: Reals, last: int) -> Reals:
    """(-1)^(k-1) Σ many odds^k for k from 1, as far as they matter and at most to `last`."""
    sums, power, sign = np.zeros(last + 1), many.copy(), 1.0
    for k in range(1, last + 1):
        found = 0.0
        for b in range(len(odds)):
            power[b] *= odds[b]
            found += power[b]
        if found <= _VANISHING * abs(sums[1]):
            return sums[:k]
        sums[k] = sign * found
        sign = -sign
    return sums
