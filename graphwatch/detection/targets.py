"""On whose posts do the members of a cluster act, against others of like activity?

For a target t (a page, or a paslon with all of its pages), an account a with m_a interactions, x_a of them with posts
of t, is compared with the accounts of its platform and its tenth there by m (equal m, same tenth) that are not in the
cluster. Their share of interactions with t is s_d. A cluster is then expected to have E = Σ_a m_a s_d(a)
interactions with t, and has X.

One account's interactions are no independent draws: who follows a page acts on it again and again. The variance of
X - E is therefore taken from accounts: v_d = Σ (x_a - m_a s_d)² / Σ m_a² over the others of a tenth, at least
r s_d (1-s_d), where r is that ratio over all tenths and targets (one target has too few accounts in a tenth to
tell), and V = Σ_d v_d (Σ m_a² over members + M_d² Σ m_a² / (Σ m_a)² over others), M_d the members' interactions; the
second term is the uncertainty of s_d. Divided by the binomial variance it is the design effect D = V / (M s (1-s)), at
least 1, with M = Σ M_d and s = E / M; p is the binomial tail of X/D successes among M/D with chance s (Rao and Scott
1992, A simple method for the analysis of clustered binary data). A mean chance in place of the several s_d can only
make the tail larger (Hoeffding 1956). s_d leans on everyone's share with the weight of one interaction, so that it is
never 0. Of random clusters of fans with uneven activity 4.0 %, 0.9 % and 0.09 % of the p-values were at most 0.05, 0.01
and 0.001; independent draws would give 20 % at 0.01.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import csr_array

from graphwatch.detection.counting import Actions, Ints, Longs, Reals
from graphwatch.detection.fdr import benjamini_hochberg
from graphwatch.detection.tails import binomial

_TENTHS: Final = 10
# A tenth with fewer others than this says little of its habits: those of the platform stand in.
_FEWEST: Final = 10


@dataclass(frozen=True, slots=True)
class Targets:
    """Whose posts objects are: `object[k]` is of `target[k]`, a position in `ids`; label is Page or Paslon."""

    label: str
    ids: pa.StringArray
    object: Ints
    target: Ints


@dataclass(frozen=True, slots=True)
class TargetShares:
    """One entry for each cluster and target on which members acted.

    `share` is that of the members' interactions, `expected` what others of like activity would have.
    """

    label: str
    ids: pa.StringArray
    cluster: Ints
    target: Ints
    interactions: Longs
    share: Reals
    expected: Reals
    log10_p: Reals
    q: Reals


def target_shares(
    actions: Actions, cluster_of: Ints, clusters: int, targets: Targets, platform: Ints | None = None
) -> TargetShares:
    """The shares of the clusters' interactions, tested over all clusters and all targets that anyone acted on.

    Args:
        cluster_of: for each account the number of its cluster, 0 for none.
        platform: a code for each account; one platform when left out.
    """
    hits = _hits(actions, targets)
    made = np.diff(actions.start)
    tenth = tenths(made, np.zeros(len(made), np.int32) if platform is None else platform)
    everyone = _Sums.of(np.flatnonzero(made), made, hits, tenth)
    alike = _alike(everyone)
    of, target, interactions, share, expected, log10_p = [], [], [], [], [], []
    for number in range(1, clusters + 1):
        members = _Sums.of(np.flatnonzero((cluster_of == number) & (made > 0)), made, hits, tenth)
        seen = np.flatnonzero(members.x.sum(axis=0))
        chance, effect = _chance(members, everyone, seen, alike)
        x, total = members.x.sum(axis=0)[seen], members.m.sum()
        of.append(np.full(len(seen), number, np.int32))
        target.append(seen.astype(np.int32))
        interactions.append(x.astype(np.int64))
        share.append(x / total)
        expected.append(chance)
        log10_p.append(binomial(x / effect, total / effect, chance))
    tests = clusters * int(np.count_nonzero(everyone.x.sum(axis=0)))
    p = _joined(log10_p, np.float64)
    return TargetShares(
        targets.label,
        targets.ids,
        _joined(of, np.int32),
        _joined(target, np.int32),
        _joined(interactions, np.int64),
        _joined(share, np.float64),
        _joined(expected, np.float64),
        p,
        10.0 ** benjamini_hochberg(p, tests),
    )


def tenths(made: npt.NDArray[np.integer], platform: Ints) -> Ints:
    """The tenth of each account on its platform by its number of interactions, 10 a platform.

    Equal numbers share one; -1 for accounts without any.

    >>> tenths(np.array([0, 1, 1, 1, 5, 9, 2]), np.array([0, 0, 0, 0, 0, 0, 1])).tolist()
    [-1, 0, 0, 0, 6, 8, 10]
    """
    tenth = np.full(len(made), -1, np.int32)
    for code in np.unique(platform).tolist():
        active = (made > 0) & (platform == code)
        values = np.sort(made[active])
        below = np.searchsorted(values, made[active], side="left")
        tenth[active] = code * _TENTHS + below * _TENTHS // max(len(values), 1)
    return tenth


def _hits(actions: Actions, targets: Targets) -> csr_array:
    """Interactions of each account with the posts of each target."""
    objects = 1 + max(actions.object.max(initial=-1), targets.object.max(initial=-1))
    ones = np.ones(len(actions.account))
    acted = csr_array((ones, (actions.account, actions.object)), shape=(actions.accounts, objects))
    owned = np.unique(np.stack([targets.object, targets.target]), axis=1)
    shape = (objects, len(targets.ids))
    return csr_array(acted @ csr_array((np.ones(owned.shape[1]), (owned[0], owned[1])), shape=shape))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over some accounts, by tenth: their number, of m and m², and for each target of x, x² and x·m."""

    n: Reals
    m: Reals
    mm: Reals
    x: Reals
    xx: Reals
    xm: Reals

    @classmethod
    def of(cls, accounts: Longs, made: Longs, hits: csr_array, tenth: Ints) -> "_Sums":
        rows, m = hits[accounts], made[accounts].astype(np.float64)
        place = (tenth[accounts], np.arange(len(accounts)))
        shape = (int(tenth.max(initial=-1)) + 1, len(accounts))
        of_tenth, weighted = csr_array((np.ones(len(accounts)), place), shape), csr_array((m, place), shape)
        return cls(
            of_tenth.sum(axis=1),
            of_tenth @ m,
            of_tenth @ m**2,
            (of_tenth @ rows).toarray(),
            (of_tenth @ rows.multiply(rows)).toarray(),
            (weighted @ rows).toarray(),
        )


def _alike(everyone: _Sums) -> float:
    """How alike the interactions of one account are, over all tenths and targets: 0 not at all, 1 wholly."""
    share = everyone.x / np.maximum(everyone.m, 1)[:, None]
    mm = everyone.mm[:, None]
    spread = np.maximum(everyone.xx - 2 * share * everyone.xm + share**2 * mm, 0).sum()
    most = (share * (1 - share) * mm).sum()
    return float(spread / most) if most else 0.0


def _chance(members: _Sums, everyone: _Sums, seen: Longs, alike: float) -> tuple[Reals, Reals]:
    """For each target that members acted on: the share that others of like activity have, and the design effect."""
    overall = everyone.x[:, seen].sum(axis=0) / everyone.m.sum()
    expected, variance = np.zeros(len(seen)), np.zeros(len(seen))
    for tenth in np.flatnonzero(members.n).tolist():
        here = _enough(everyone.n - members.n, tenth)
        m, mm = (float(np.sum((a - b)[here])) for a, b in _columns(everyone, members, ("m", "mm")))
        x, xx, xm = (
            np.atleast_2d((a - b)[here])[:, seen].sum(axis=0) for a, b in _columns(everyone, members, ("x", "xx", "xm"))
        )
        share = (x + overall) / (m + 1)
        expected += members.m[tenth] * share
        if mm:
            spread = np.maximum((xx - 2 * share * xm + share**2 * mm) / mm, alike * share * (1 - share))
            variance += spread * (members.mm[tenth] + members.m[tenth] ** 2 * mm / m**2)
    total = members.m.sum()
    chance = expected / total
    plain = total * chance * (1 - chance)
    effect = np.divide(variance, plain, where=plain > 0, out=np.ones(len(seen)))
    return chance, np.maximum(effect, 1)


def _enough(others: Reals, tenth: int) -> slice:
    """The tenth where it has enough others, else its platform, else all."""
    first = tenth // _TENTHS * _TENTHS
    for here in (slice(tenth, tenth + 1), slice(first, first + _TENTHS)):
        if others[here].sum() >= _FEWEST:
            return here
    return slice(None)


def _columns(everyone: _Sums, members: _Sums, names: tuple[str, ...]) -> Iterator[tuple[Reals, Reals]]:
    return ((getattr(everyone, name), getattr(members, name)) for name in names)


def _joined(parts: list[npt.NDArray[Any]], type: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, type)
