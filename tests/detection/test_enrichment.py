"""Members on the roster and at agencies, against enumeration of every cluster of the same size."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.chance.hypothesis_tests import binomial
from graphwatch.detection.counting.pairs import Actions, arrange
from graphwatch.detection.groups.clusters import Clusters
from graphwatch.detection.groups.enrichment import (
    AtAgency,
    Context,
    Links,
    People,
    Roster,
    Targets,
    TargetShares,
    enrich,
    target_shares,
    tenths,
)

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


def shares(
    actions: Actions, cluster_of: np.ndarray, pages: list[int], platform: np.ndarray | None = None
) -> TargetShares:
    """Objects 0, 1, … are of the pages given."""
    objects = np.arange(len(pages), dtype=np.int32)
    ids = pa.array([f"page-{p}" for p in range(max(pages) + 1)])
    targets = Targets("Page", ids, objects, np.array(pages, np.int32))
    return target_shares(actions, cluster_of.astype(np.int32), int(cluster_of.max()), targets, platform)


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(0, 3)), min_size=20, max_size=200), st.integers(2, 6))
def test_expected_and_design_effect_are_the_formula(data: list[tuple[int, int]], size: int) -> None:
    actions = arrange([a for a, _ in data], [o for _, o in data], [0] * len(data), accounts=30)
    cluster_of = np.array([1] * size + [0] * (30 - size))
    found = shares(actions, cluster_of, [0, 0, 1, 2])
    made = [sum(a == account for a, _ in data) for account in range(30)]
    tenth = tenths(np.array(made), np.zeros(30, np.int32)).tolist()
    page = [0, 0, 1, 2]
    spread_of_all = most = 0.0
    for target in range(3):
        x = [sum(a == account and page[o] == target for a, o in data) for account in range(30)]
        for t in set(tenth) - {-1}:
            here = [a for a in range(30) if tenth[a] == t]
            s = sum(x[a] for a in here) / sum(made[a] for a in here)
            spread_of_all += sum((x[a] - s * made[a]) ** 2 for a in here)
            most += s * (1 - s) * sum(made[a] ** 2 for a in here)
    alike = spread_of_all / most if most else 0.0
    for row, target in enumerate(found.target.tolist()):
        x = [sum(a == account and page[o] == target for a, o in data) for account in range(30)]
        overall, total = sum(x) / sum(made), sum(made[:size])
        expected = variance = 0.0
        for t in {tenth[a] for a in range(size) if made[a]}:
            members = [a for a in range(size) if tenth[a] == t]
            others = [a for a in range(size, 30) if tenth[a] == t]
            if len(others) < 10:
                others = [a for a in range(size, 30) if made[a]]
            share = (sum(x[a] for a in others) + overall) / (sum(made[a] for a in others) + 1)
            squares = sum(made[a] ** 2 for a in others)
            spread = sum((x[a] - share * made[a]) ** 2 for a in others) / max(squares, 1)
            expected += share * sum(made[a] for a in members)
            spread = max(spread, alike * share * (1 - share)) if squares else 0.0
            of_share = sum(made[a] for a in members) ** 2 * squares / max(sum(made[a] for a in others), 1) ** 2
            variance += spread * (sum(made[a] ** 2 for a in members) + of_share)
        s = expected / total
        effect = max(1.0, variance / (total * s * (1 - s))) if 0 < s < 1 else 1.0
        hits = sum(x[:size])
        assert found.interactions[row] == hits
        assert found.share[row] == pytest.approx(hits / total)
        assert found.expected[row] == pytest.approx(s)
        assert found.log10_p[row] == pytest.approx(float(binomial(hits / effect, total / effect, s)), abs=1e-9)


def fans(random: np.random.Generator, accounts: int = 400, pages: int = 6) -> tuple[Actions, list[int]]:
    """Accounts that mostly act on the posts of one page each, some far more than others; 20 posts a page."""
    favourite = random.integers(0, pages, accounts)
    made = np.ceil(random.lognormal(2.0, 1.0, accounts)).astype(int)
    account = np.repeat(np.arange(accounts), made)
    page = np.where(random.random(len(account)) < 0.7, favourite[account], random.integers(0, pages, len(account)))
    post = page * 20 + random.integers(0, 20, len(account))
    return arrange(account, post, np.zeros(len(account)), accounts=accounts), [p // 20 for p in range(pages * 20)]


def test_chance_is_what_it_says_for_random_clusters_of_fans() -> None:
    random = np.random.default_rng(7)
    p: list[float] = []
    naive: list[float] = []
    for _ in range(40):
        actions, pages = fans(random)
        cluster_of = np.zeros(400, np.int64)
        chosen = random.permutation(400)[:80]
        cluster_of[chosen] = np.repeat(np.arange(1, 9), 10)
        found = shares(actions, cluster_of, pages)
        made = np.diff(actions.start)
        total = np.array([made[cluster_of == number].sum() for number in found.cluster])
        # Targets on which a cluster did not act are tests with p = 1.
        p += (10**found.log10_p).tolist() + [1.0] * (8 * 6 - len(found.cluster))
        naive += (10 ** binomial(found.interactions, total, found.expected)).tolist()
    # Interactions taken for independent draws would find something everywhere.
    assert np.mean(np.array(naive) <= 0.01) > 0.15
    for alpha in (0.05, 0.01):
        assert np.mean(np.array(p) <= alpha) <= 1.5 * alpha


def test_a_cluster_that_acts_on_one_page_alone_is_found() -> None:
    random = np.random.default_rng(3)
    actions, pages = fans(random)
    account, object = actions.account.copy(), actions.object.copy()
    object[account < 10] = object[account < 10] % 20
    moved = arrange(account, object, actions.at_ms, accounts=400)
    found = shares(moved, np.where(np.arange(400) < 10, 1, 0), pages)
    assert found.target.tolist() == [0]
    assert found.share.tolist() == [1.0]
    assert found.q[0] < 0.01


def test_accounts_are_compared_with_their_platform() -> None:
    # Page 0 is on one platform, page 1 on the other: nobody can act on both.
    account = np.arange(60)
    platform = (account >= 30).astype(np.int32)
    actions = arrange(account, platform, np.zeros(60), accounts=60)
    found = shares(actions, np.where(account < 5, 1, 0), [0, 1], platform)
    assert found.expected[0] > 0.97
    assert found.q.tolist() == [1.0]


def test_nobody_else_on_a_target_is_no_proof() -> None:
    actions = arrange([0, 1, 2, *range(3, 30)], [0, 0, 0, *[1] * 27], [0] * 30)
    found = shares(actions, np.where(np.arange(30) < 3, 1, 0), [0, 1])
    assert np.isfinite(found.log10_p).all()
    assert found.expected[0] > 0


def test_one_cluster_of_everybody_has_nobody_to_be_compared_with() -> None:
    actions = arrange([0, 1, 2], [0, 0, 1], [0] * 3)
    found = shares(actions, np.ones(3), [0, 1])
    assert found.log10_p == pytest.approx(np.zeros(2), abs=0.31)
