"""Whom and what a cluster concerns: members on the roster, their agencies, and the pages and paslon acted on.

Every number stands beside what chance alone would give. False discoveries are counted over all clusters of a run and
all agencies, pages or paslon that any account had to do with, whether a cluster did or not.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphwatch.common.validity import covers
from graphwatch.detection.clusters import Mask
from graphwatch.detection.counting import Actions, Ints, Longs, Reals
from graphwatch.detection.fdr import benjamini_hochberg
from graphwatch.detection.tails import hypergeometric
from graphwatch.detection.targets import Targets, TargetShares, target_shares

# How a link to the roster was made, the strongest first: an account counts once, with its strongest.
BASES: Final = ("verified", "confirmed-by-superior", "self-declared")


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

    >>> from graphwatch.detection.counting import arrange
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
