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

from graphwatch.common.clock import covers
from graphwatch.common.large_arrays import CHUNK_ROWS
from graphwatch.common.pieces import equal_pieces
from graphwatch.detection.chance.hypothesis_tests import benjamini_hochberg, binomial, hypergeometric
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Mask, Reals

_TENTHS: Final = 10
# A tenth with fewer others than this says little of its habits: those of the platform stand in.
_FEWEST: Final = 10
# How a link to the roster was made, the strongest first: an account counts once, with its strongest.
BASES: Final = ("verified", "confirmed-by-superior", "self-declared")


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
    owned = np.unique(np.stack([targets.object, targets.target]), axis=1)
    shape = (objects, len(targets.ids))
    owners = csr_array((np.ones(owned.shape[1]), (owned[0], owned[1])), shape=shape)
    hits = csr_array((actions.accounts, len(targets.ids)))
    # Whole numbers, so that it does not matter in which pieces they are added up.
    for begin, end in equal_pieces(len(actions.account), 1 + len(actions.account) // CHUNK_ROWS):
        account, object = actions.account[begin:end], actions.object[begin:end]
        acted = csr_array((np.ones(end - begin), (account, object)), shape=(actions.accounts, objects))
        hits = hits + acted @ owners
    return csr_array(hits)


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


@dataclass(frozen=True, slots=True)
class Links:
    """Links from accounts to something, each valid from `from_ms` until before `to_ms`; equal lengths."""

    account: Ints
    to: Ints
    from_ms: Longs
    to_ms: Longs


@dataclass(frozen=True, slots=True)
class Roster:
    """What the supplied roster says.

    Attributes:
        people: accounts of civil servants; `to` is a position in `BASES`.
        agencies: accounts of civil servants and where these work; `to` is a position in `agency_ids`.
        duty: accounts that an agency operates; `to` likewise.
        agency_ids: ids, sorted.
    """

    people: Links
    agencies: Links
    duty: Links
    agency_ids: pa.StringArray


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the interactions; `roster` is None where none is loaded. `digest` names all of it.

    `platform` is a code for each account: who is on one platform cannot act on pages of another.
    """

    roster: Roster | None = None
    targets: tuple[Targets, ...] = ()
    platform: Ints | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """Members on the roster, one entry a cluster; `active` is the number among all active accounts.

    `by_basis` has one column for each of `BASES`; `duty` are members that an agency operates, who count in no test.
    """

    n: Ints
    by_basis: Ints
    duty: Ints
    expected: Reals
    log10_p: Reals
    q: Reals
    active: int


@dataclass(frozen=True, slots=True)
class AtAgency:
    """Members who work at one agency: one entry for each cluster and agency that have any in common."""

    cluster: Ints
    agency: Ints
    n: Ints
    expected: Reals
    log10_p: Reals
    q: Reals


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What is to be said of the clusters of a run; `people` and `agencies` are None without a roster."""

    people: People | None
    agencies: AtAgency | None
    agency_ids: pa.StringArray
    targets: tuple[TargetShares, ...]


def enrich(actions: Actions, member: Ints, of: Ints, context: Context) -> Enrichment:
    """Compare each cluster with all active accounts.

    With N active accounts of which K have a link to the roster, a cluster of n accounts drawn at random has a
    hypergeometric number of them: n K / N are expected, and p is the chance of as many or more. The same is asked for
    each agency. A link counts where the account acted while it was valid, for members and for everyone.

    Args:
        actions: of all accounts.
        member, of: account codes and the number of the cluster of each, from 1.
        context: roster and targets, in codes of these actions.
    """
    cluster_of = np.zeros(actions.accounts, np.int32)
    cluster_of[member] = of
    size = np.bincount(of, minlength=1)[1:].astype(np.int32)
    shares = tuple(target_shares(actions, cluster_of, len(size), t, context.platform) for t in context.targets)
    if context.roster is None:
        return Enrichment(None, None, pa.array([], pa.string()), shares)
    roster = context.roster
    active = int(np.count_nonzero(np.diff(actions.start)))
    return Enrichment(
        _people(actions, roster, cluster_of, size, active),
        _at_agencies(actions, roster, cluster_of, size, active),
        roster.agency_ids,
        shares,
    )


def in_force(actions: Actions, links: Links) -> Mask:
    """Which links count: those whose account acted at least once while they were valid.

    >>> from graphwatch.detection.counting.pairs import arrange
    >>> links = Links(*(np.array(c) for c in ([0, 0, 1], [0, 1, 0], [0, 50, 0], [50, 99, 99])))
    >>> in_force(arrange([0], [0], [50], accounts=2), links).tolist()
    [False, True, False]
    """
    length = np.diff(actions.start)[links.account]
    which = np.repeat(np.arange(len(length)), length)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    at_ms = actions.at_ms[actions.position[actions.start[links.account][which] + offset]]
    valid = covers(links.from_ms[which], links.to_ms[which], at_ms)
    return np.bincount(which[valid], minlength=len(length)) > 0


def _people(actions: Actions, roster: Roster, cluster_of: Ints, size: Ints, active: int) -> People:
    links, counts = roster.people, in_force(actions, roster.people)
    none = len(BASES)
    strongest = np.full(actions.accounts, none, np.int32)
    np.minimum.at(strongest, links.account[counts], links.to[counts].astype(np.int32))
    linked = np.flatnonzero(strongest < none)
    by_basis = _table(cluster_of[linked], strongest[linked], len(size), none)
    n = by_basis.sum(axis=1).astype(np.int32)
    expected, log10_p = hypergeometric(n, size, len(linked), active)
    duty = np.unique(roster.duty.account[in_force(actions, roster.duty)])
    return People(
        n=n,
        by_basis=by_basis,
        duty=np.bincount(cluster_of[duty], minlength=len(size) + 1)[1:].astype(np.int32),
        expected=expected,
        log10_p=log10_p,
        q=10.0 ** benjamini_hochberg(log10_p, len(size)),
        active=len(linked),
    )


def _at_agencies(actions: Actions, roster: Roster, cluster_of: Ints, size: Ints, active: int) -> AtAgency:
    links, counts = roster.agencies, in_force(actions, roster.agencies)
    account, agency = np.unique(np.stack([links.account[counts], links.to[counts]]), axis=1)
    everyone = np.bincount(agency, minlength=len(roster.agency_ids))
    table = _table(cluster_of[account], agency, len(size), len(everyone))
    cluster, at = np.nonzero(table)
    n = table[cluster, at]
    expected, log10_p = hypergeometric(n, size[cluster], everyone[at], active)
    tests = len(size) * int(np.count_nonzero(everyone))
    q = 10.0 ** benjamini_hochberg(log10_p, tests)
    return AtAgency((cluster + 1).astype(np.int32), at.astype(np.int32), n, expected, log10_p, q)


def _table(cluster: npt.NDArray[np.integer], column: npt.NDArray[np.integer], rows: int, columns: int) -> Ints:
    """How often each cluster (numbered from 1; 0 is none) meets each column."""
    inside = cluster > 0
    cell = (cluster[inside].astype(np.int64) - 1) * columns + column[inside]
    return np.bincount(cell, minlength=rows * columns).reshape(rows, columns).astype(np.int32)
