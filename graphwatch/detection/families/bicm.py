"""Do two accounts share more objects than their activity, and the objects' popularity, explain?

The bipartite configuration model (BiCM): among all binary account × object matrices, the most random ones whose
expected row and column sums are those observed (Saracco et al. 2017, Inferring monopartite projections of bipartite
networks). Fans of one page pass this test, by design: it says common interest, not acting together.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from graphwatch.common.pieces import Piece, even_pieces
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Mask, Reals
from graphwatch.detection.course import walk
from graphwatch.detection.families import bicm_kernels as kernels

TOLERANCE: Final = 1e-8
_MOST_STEPS: Final = 200
# Finite parameters stay far below this, and expit of it is exactly 1.
_FROZEN: Final = 2000.0
# Keeps the system solvable along the direction in which the model does not change.
_RIDGE: Final = 1e-11
_LONGEST_STEP: Final = 8.0


@dataclass(frozen=True, slots=True)
class Bicm:
    """A fitted model: account a acts on object o with probability expit(row[a's degree] + column[o's degree]).

    Attributes:
        row_degree, column_degree: distinct degrees, ascending, 0 excluded.
        row, column: the parameter of each.
        row_count, column_count: accounts and objects of each degree.
        error: largest relative difference between an expected and an observed degree.
        converged: whether `error` is at most 1e-8.
    """

    row_degree: Longs
    column_degree: Longs
    row: Reals
    column: Reals
    row_count: Longs
    column_count: Longs
    error: float

    @property
    def converged(self) -> bool:
        return self.error <= TOLERANCE


@dataclass(frozen=True, slots=True)
class SharedInterest:
    """The test of each pair that was asked for.

    Attributes:
        shared: distinct objects on which both acted, at any time.
        expected: the mean of that number under the model.
        log10_p: log10 of the chance of at least `shared`; relative error of p below 1e-9 for the fitted parameters.
        tests: pairs of active accounts, the number of tests to correct for.
        converged, error: of the fit, see `Bicm`.
    """

    shared: Ints
    expected: Reals
    log10_p: Reals
    tests: int
    converged: bool
    error: float


def shared_interest(
    actions: Actions,
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    shared: Ints | None = None,
    *,
    threads: int | None = None,
) -> SharedInterest:
    """Test the given pairs of account codes against the BiCM of all actions.

    Repeated actions of an account on an object count once, and times play no part. Both accounts of a pair must
    have acted.

    Args:
        shared: of each pair the distinct objects on which both acted, where they are counted already.

    Raises:
        ValueError: an account of a pair did not act, or is paired with itself.

    >>> from graphwatch.detection.counting.pairs import arrange
    >>> found = shared_interest(arrange([0, 1, 0, 1, 2, 3], [0, 0, 1, 1, 2, 3], [0] * 6), [0, 0], [1, 2])
    >>> found.shared.tolist(), (10**found.log10_p).round(3).tolist(), found.tests
    ([2, 0], [0.293, 1.0], 6)
    """
    first, second = np.asarray(first, np.int32), np.asarray(second, np.int32)
    if (first == second).any():
        raise ValueError("an account shares nothing with itself")
    objects = int(actions.object[-1]) + 1 if len(actions.object) else 0
    of_account, of_object = kernels.degrees(actions.object, actions.position, actions.start, objects)
    if not (of_account[first].all() and of_account[second].all()):
        raise ValueError("an account of a pair has no action")
    model = fit(of_account, of_object)
    if shared is None:
        shared = kernels.shared_objects(first, second, actions.object, actions.position, actions.start)
    expected, log10_p = shared_by_chance(model, of_account[first], of_account[second], shared, threads)
    active = int(model.row_count.sum())
    return SharedInterest(shared, expected, log10_p, active * (active - 1) // 2, model.converged, model.error)


def shared_by_chance(
    model: Bicm, first: Longs, second: Longs, shared: Ints, threads: int | None
) -> tuple[Reals, Reals]:
    """Mean number of shared objects under the model, and log10 of the chance of at least those seen, for each pair.

    Pairs of equal degrees share one calculation, whatever the number that was seen.

    Args:
        first, second: on how many objects each of the two acted.
        shared: on how many both did.

    >>> model, two = fit([1, 1, 2], [2, 1, 1]), (np.array([1, 1]), np.array([2, 2]))
    >>> mean, log10_p = shared_by_chance(model, *two, np.array([0, 1]), threads=1)
    >>> bool(mean[0] == mean[1]), log10_p[0].item()
    (True, 0.0)
    """
    classes, most = len(model.row_degree), int(shared.max(initial=0)) + 1
    few, many = (np.searchsorted(model.row_degree, end(first, second)) for end in (np.minimum, np.maximum))
    distinct, which = np.unique((few * classes + many) * most + shared, return_inverse=True)
    ends, least = np.divmod(distinct, most)
    begins = np.flatnonzero(np.diff(ends, prepend=-1))
    bounds = np.append(begins, len(ends))
    used, place = np.unique(np.concatenate(np.divmod(ends[begins], classes)), return_inverse=True)
    row, other = np.split(place, 2)
    logit = np.add.outer(model.row[used], model.column)
    chances = expit(logit), expit(-logit), model.column_count

    def tails(piece: Piece) -> Any:
        some = slice(*piece)
        return kernels.tails(row[some], other[some], bounds[piece[0] : piece[1] + 1], least, *chances)

    # The larger the largest number that was seen, the longer its tail takes.
    found = walk(tails, even_pieces(least[bounds[1:] - 1] + len(model.column)), threads)
    mean, log10_p = (np.concatenate(column) for column in zip(*found, strict=True))
    return np.repeat(mean, np.diff(bounds))[which], log10_p[which]


def fit(row_degrees: npt.ArrayLike, column_degrees: npt.ArrayLike) -> Bicm:
    """The BiCM of a binary matrix with these row and column sums; rows and columns without any entry are left out.

    The log-likelihood is concave in the parameters, of which there is one for each distinct degree. Newton's method
    with the Hessian's diagonal blocks eliminated costs (smaller number of distinct degrees)² · (larger) a step.
    Rows and columns that are full, or become full or empty when such are set aside, get probability 1 or 0 exactly.

    Raises:
        ValueError: the sums of the two differ, or a degree exceeds what the other side has left.

    >>> model = fit([1, 1, 2], [2, 1, 1])
    >>> model.converged, (model.row_degree.tolist(), model.row_count.tolist())
    (True, ([1, 2], [2, 1]))
    """
    row_degree, row_count = _distinct(row_degrees)
    column_degree, column_count = _distinct(column_degrees)
    row, column = np.zeros(len(row_degree)), np.zeros(len(column_degree))
    rows, columns, k, d = _set_aside(row_degree, column_degree, row_count, column_count, row, column)
    if row_degree @ row_count != column_degree @ column_count or (k < 0).any() or (d < 0).any():
        raise ValueError("no binary matrix has these row and column sums")
    error = 0.0
    if rows.any() and columns.any():
        row[rows], column[columns], error = _newton(k, d, row_count[rows], column_count[columns])
    return Bicm(row_degree, column_degree, row, column, row_count, column_count, error)


def _distinct(degrees: npt.ArrayLike) -> tuple[Longs, Longs]:
    degrees = np.asarray(degrees, np.int64)
    return np.unique(degrees[degrees > 0], return_counts=True)


def _set_aside(
    row_degree: Longs, column_degree: Longs, row_count: Longs, column_count: Longs, row: Reals, column: Reals
) -> tuple[Mask, Mask, Reals, Reals]:
    """Freeze classes that are full or empty; returns which classes remain and their degrees among what remains.

    A class that is set aside earlier gets a larger parameter, so that in the sum of two frozen ones the earlier
    decides, as it should: it was full or empty among all that were left.
    """
    k, d = row_degree.astype(np.float64), column_degree.astype(np.float64)
    rows, columns = np.ones(len(k), bool), np.ones(len(d), bool)
    size = _FROZEN * (2 * (len(k) + len(d)) + 2)
    changed = True
    while changed:
        changed = False
        for here, there, degree, across, mine, theirs, parameter in (
            (rows, columns, k, d, row_count, column_count, row),
            (columns, rows, d, k, column_count, row_count, column),
        ):
            full, empty = here & (degree == theirs[there].sum()), here & (degree == 0)
            if (full | empty).any():
                parameter[full], parameter[empty] = size, -size
                across[there] -= mine[full & ~empty].sum()
                here &= ~(full | empty)
                size -= _FROZEN
                changed = True
    return rows, columns, k[rows], d[columns]


def _newton(k: Reals, d: Reals, n: Longs, m: Longs) -> tuple[Reals, Reals, float]:
    """Parameters that give the degrees k of n accounts each and d of m objects each, and the largest error left."""
    if len(k) > len(d):
        column, row, error = _newton(d, k, m, n)
        return row, column, error
    edges = float(n @ k)
    row, column = np.log(k) - np.log(edges) / 2, np.log(d) - np.log(edges) / 2
    state = _Residual.at(row, column, k, d, n, m)
    for _ in range(_MOST_STEPS):
        if state.error <= TOLERANCE / 10:
            break
        by_row, by_column = state.step()
        length = min(1.0, _LONGEST_STEP / max(np.abs(by_row).max(), np.abs(by_column).max()))
        while length > 1e-6:
            tried = _Residual.at(row + length * by_row, column + length * by_column, k, d, n, m)
            if tried.norm < state.norm:
                break
            length /= 2
        else:
            break
        row, column, state = row + length * by_row, column + length * by_column, tried
    return row, column, state.error


@dataclass(frozen=True, slots=True)
class _Residual:
    """How far the expected degrees are from the observed ones, and the curvature of the likelihood there."""

    row: Reals
    column: Reals
    curvature: Reals
    norm: float
    error: float

    @classmethod
    def at(cls, row: Reals, column: Reals, k: Reals, d: Reals, n: Longs, m: Longs) -> "_Residual":
        logit = np.add.outer(row, column)
        chance = expit(logit)
        missing_k, missing_d = k - chance @ m, d - n @ chance
        curvature = chance * expit(-logit)
        curvature *= m
        curvature *= n[:, None]
        relative = max(np.abs(missing_k / k).max(), np.abs(missing_d / d).max())
        norm = float(np.sqrt((n * missing_k**2 / k).sum() + (m * missing_d**2 / d).sum()))
        return cls(n * missing_k, m * missing_d, curvature, norm, float(relative))

    def step(self) -> tuple[Reals, Reals]:
        """Newton's step: the column block of the Hessian is diagonal and is eliminated."""
        of_row, of_column = self.curvature.sum(1), self.curvature.sum(0)
        of_row, of_column = of_row * (1 + _RIDGE) + 1e-300, of_column * (1 + _RIDGE) + 1e-300
        scaled = self.curvature / of_column
        schur = np.diag(of_row) - scaled @ self.curvature.T
        by_row = np.linalg.solve(schur, self.row - scaled @ self.column)
        return by_row, (self.column - self.curvature.T @ by_row) / of_column
