"""Groups that agree, against their definition written out; and honest people who come and go together."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmarks.agreeing import agreed as found
from benchmarks.scenarios.agreeing import likers
from graphwatch.detection.families.agreement_groups import Together, agreeing, expand, together
from graphwatch.detection.families.agreement_kernels import used as chance_of_use
from graphwatch.detection.families.uses import Uses, uses

ACCOUNTS, OBJECTS = 8, 7
rows = st.lists(st.tuples(st.integers(0, ACCOUNTS - 1), st.integers(0, OBJECTS - 1)), min_size=3, max_size=40)


def used_in(data: list[tuple[int, int]]) -> tuple[Uses, dict[int, set[int]]]:
    """Uses in two blocks, and the objects of each account."""
    account, object = np.array(data).T
    theirs = {a: {o for b, o in data if b == a} for a in range(ACCOUNTS)}
    return uses(account, object, object % 2, accounts=ACCOUNTS, dense=True), theirs


def agreed_by_hand(used: Uses, theirs: dict[int, set[int]], group: list[int]) -> set[int]:
    """Objects that two of the group or more used, and so many as chance gives once in twenty at most."""
    agreed = set()
    for o in range(used.objects):
        users = sum(o in theirs[m] for m in group)
        mean = sum(chance_of_use(m, o, used.margins) for m in group)
        if users >= 2 and stats.poisson.sf(users - 1, mean) <= 0.05:
            agreed.add(o)
    return agreed


def tail_by_hand(used: Uses, account: int, objects: set[int], own: set[int], least: int) -> float:
    """The chance of as many uses or more, every outcome enumerated; 1 where they are no more than is expected."""
    chance = [chance_of_use(account, o, used.margins) for o in sorted(objects)]
    hits = len(objects & own)
    if hits < least or hits <= sum(chance):
        return 1.0
    outcomes = product((0, 1), repeat=len(chance))
    return sum(
        float(np.prod([p if x else 1 - p for p, x in zip(chance, outcome, strict=True)]))
        for outcome in outcomes
        if sum(outcome) >= hits
    )


@given(rows, st.sets(st.integers(0, ACCOUNTS - 1), min_size=2, max_size=5))
def test_accounts_outside_are_tested_on_what_a_group_agrees_on(data: list[tuple[int, int]], members: set[int]) -> None:
    used, theirs = used_in(data)
    group = np.array(sorted(members), np.int32)
    agreed = agreed_by_hand(used, theirs, sorted(members))
    assert set(together(used, group).agreed.tolist()) == agreed
    tested = agreeing(used, [together(used, group)], 2, np.array([ACCOUNTS]))
    p = dict(zip(tested.account.tolist(), 10.0**tested.log10_p, strict=True))
    assert not members & set(p)
    for a in set(range(ACCOUNTS)) - members:
        assert p.get(a, 1.0) == pytest.approx(tail_by_hand(used, a, agreed, theirs[a], 2))


@given(rows, st.sets(st.integers(0, ACCOUNTS - 1), min_size=3, max_size=5))
def test_members_are_tested_on_what_the_others_agree_on(data: list[tuple[int, int]], members: set[int]) -> None:
    used, theirs = used_in(data)
    group = np.array(sorted(members), np.int32)
    for m, log10_p in zip(group.tolist(), together(used, group).loyal(2).tolist(), strict=True):
        agreed = agreed_by_hand(used, theirs, sorted(members - {m}))
        assert 10**log10_p == pytest.approx(tail_by_hand(used, m, agreed, theirs[m], 2))


def test_what_everybody_uses_is_no_agreement() -> None:
    uses_of_four = np.array([[1, 1], [1, 1], [1, 0], [1, 0]], bool)
    likely = np.array([[0.9, 0.01]] * 4)
    theirs = Together(np.arange(4, dtype=np.int32), np.array([5, 6], np.int32), uses_of_four, likely)
    assert theirs.agreed.tolist() == [6]
    assert theirs.of(np.array([True, False, True, True])).agreed.tolist() == []


def scene() -> Uses:
    """Six accounts each like the first of ten posts on twelve pages, 300 others five posts of two pages at random."""
    random = np.random.default_rng(3)
    data = [(a, 10 * page) for a in range(6) for page in range(12)]
    data += [
        (a, 10 * page + o) for a in range(6, 306) for page in random.choice(12, 2, False) for o in random.choice(10, 5)
    ]
    account, object = np.array(data).T
    return uses(account, object, object // 10, accounts=306, dense=True)


def expanded(core: list[int]) -> list[int]:
    used = scene()
    cluster_of = np.zeros(used.accounts, np.int32)
    cluster_of[core] = 1
    return np.flatnonzero(expand(used, cluster_of, 3, 0.05)).tolist()


def test_who_agrees_joins_and_who_does_not_leaves() -> None:
    assert expanded([0, 1, 2]) == [0, 1, 2, 3, 4, 5]
    assert expanded([0, 1, 2, 3, 77, 200]) == [0, 1, 2, 3, 4, 5]


def test_strangers_are_no_cluster() -> None:
    assert expanded([10, 20, 30, 40]) == []
    assert expanded([]) == []


@pytest.mark.parametrize("seed", [10, 16])
def test_people_who_come_and_go_together_are_not_accused(seed: int) -> None:
    """By the page alone, 35 and 40 of them would be."""
    assert not found(likers(seed, turnover=0.3)).cluster_of.any()
