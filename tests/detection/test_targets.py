"""Shares of interactions by target: the formula term by term, and whether chance is what it says."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.counting import Actions, arrange
from graphwatch.detection.tails import binomial
from graphwatch.detection.targets import Targets, TargetShares, target_shares, tenths


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
