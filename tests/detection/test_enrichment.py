"""Members on the roster and at agencies, against enumeration of every cluster of the same size."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.clusters import Clusters
from graphwatch.detection.counting import Actions, arrange
from graphwatch.detection.enrichment import AtAgency, Context, Links, People, Roster, enrich

EVER = (-(2**62), 2**62)
VERIFIED, CONFIRMED, SELF = 0, 1, 2


def links(*rows: tuple[int, int] | tuple[int, int, int, int]) -> Links:
    full = [(*row, *EVER) if len(row) == 2 else row for row in rows]
    columns = zip(*full, strict=True) if full else ((), (), (), ())
    account, to, begin, end = (np.array(c, np.int64) for c in columns)
    return Links(account.astype(np.int32), to.astype(np.int32), begin, end)


def clusters(*members: list[int]) -> Clusters:
    none = np.zeros(len(members), np.int32)
    size = np.array([len(m) for m in members], np.int32)
    member = np.array([a for m in members for a in m], np.int32)
    of = np.repeat(np.arange(1, len(members) + 1, dtype=np.int32), size)
    long = none.astype(np.int64)
    return Clusters(
        np.arange(1, len(members) + 1, dtype=np.int32),
        size,
        none,
        none.astype(float),
        none,
        long,
        long,
        member,
        of,
        of,
        of > 99,
    )


def everyone_acts(accounts: int, at_ms: int = 0) -> Actions:
    return arrange(range(accounts), [0] * accounts, [at_ms] * accounts)


def asked(
    actions: Actions, found: Clusters, people: Links, agencies: Links, duty: Links | None = None
) -> tuple[People, AtAgency]:
    ids = pa.array(["dinas-a", "dinas-b", "dinas-c"])
    answer = enrich(actions, found.member, found.of, Context(Roster(people, agencies, duty or links(), ids)))
    assert answer.people is not None
    assert answer.agencies is not None
    return answer.people, answer.agencies


@given(st.sets(st.integers(0, 7)), st.integers(1, 8))
def test_roster_members_are_hypergeometric_among_active_accounts(on_roster: set[int], size: int) -> None:
    cluster = list(range(size))
    people, _ = asked(everyone_acts(8), clusters(cluster), links(*((a, VERIFIED) for a in on_roster)), links())
    every = [len(on_roster & set(chosen)) for chosen in combinations(range(8), size)]
    n = len(on_roster & set(cluster))
    assert people.n.tolist() == [n]
    assert people.active == len(on_roster)
    assert people.expected[0] == pytest.approx(np.mean(every))
    assert 10 ** people.log10_p[0] == pytest.approx(np.mean([k >= n for k in every]))


def test_accounts_that_did_nothing_are_no_part_of_the_whole() -> None:
    actions = arrange([0, 1, 2, 3], [0] * 4, [0] * 4, accounts=100)
    people, _ = asked(actions, clusters([0, 1]), links((0, VERIFIED), (1, VERIFIED), (50, VERIFIED)), links())
    assert people.active == 2
    assert people.expected.tolist() == [1.0]


def test_a_link_counts_only_where_the_account_acted_while_it_was_valid() -> None:
    people, at = asked(
        everyone_acts(6, at_ms=100),
        clusters([0, 1, 2]),
        links((0, VERIFIED, 0, 100), (1, VERIFIED, 100, 101), (2, VERIFIED, 101, 200)),
        links((0, 0, 0, 100), (1, 0, 100, 101), (2, 0, 101, 200)),
    )
    assert people.n.tolist() == [1]
    assert at.n.tolist() == [1]


def test_an_account_counts_once_with_its_strongest_basis() -> None:
    people, at = asked(
        everyone_acts(9),
        clusters([0, 1, 2, 3]),
        links((0, SELF), (0, VERIFIED), (1, SELF), (1, SELF), (2, CONFIRMED)),
        links((0, 1), (0, 1), (1, 1)),
        links((3, 2), (8, 2)),
    )
    assert people.n.tolist() == [3]
    assert people.by_basis.tolist() == [[1, 1, 1]]
    assert people.duty.tolist() == [1]
    assert (at.agency.tolist(), at.n.tolist()) == ([1], [2])


def test_false_discoveries_are_counted_over_clusters_and_agencies() -> None:
    _, at = asked(
        everyone_acts(40),
        clusters([0, 1, 2], [3, 4, 5]),
        links(),
        links((0, 0), (1, 0), (2, 0), (3, 1), (39, 2)),
    )
    rows = list(zip(at.cluster.tolist(), at.agency.tolist(), at.n.tolist(), strict=True))
    assert rows == [(1, 0, 3), (2, 1, 1)]
    p = 10**at.log10_p
    # Two clusters and three agencies are six tests, though only two of them met.
    assert at.q == pytest.approx([min(6 * p[0], 3 * p[1]), 3 * p[1]])


def test_without_a_roster_nothing_is_said() -> None:
    answer = enrich(everyone_acts(5), np.arange(3, dtype=np.int32), np.ones(3, np.int32), Context())
    assert answer.people is None
    assert answer.agencies is None


def test_without_clusters_there_is_nothing_to_test() -> None:
    people, at = asked(everyone_acts(5), clusters(), links((0, VERIFIED)), links((0, 0)))
    assert len(people.n) == len(at.n) == 0
