"""Agreement on objects beside chance: who is found, who is not, and what must not matter."""

import numpy as np
import pytest

from benchmarks.agreeing import agreed as found
from benchmarks.scenarios.agreeing import Agreeing, comments, likers
from graphwatch.detection.families.agreement import Agreement, agreement, everybodys, log10_tail
from graphwatch.detection.families.agreement_kernels import of_pairs
from graphwatch.detection.families.uses import uses

DAY = 86_400_000


@pytest.mark.parametrize("more", [{}, {"habit": True}, {"giveaways": True}, {"chants": True}])
def test_nobody_who_writes_on_his_own_is_in_a_cluster(more):
    assert not found(comments(5, **more)).cluster_of.any()


def test_groups_that_write_the_same_texts_are_found_and_nobody_else():
    made = comments(6, groups=4, habit=True, giveaways=True, chants=True)

    members = np.flatnonzero(found(made).cluster_of)

    assert set(members) == set(np.concatenate(made.truth))


def test_followers_of_pages_are_in_no_cluster_and_groups_on_forty_posts_are():
    assert not found(likers(7, tastes=True)).cluster_of.any()
    made = likers(8, groups=4, posts=40)

    members, planted = np.flatnonzero(found(made).cluster_of), np.concatenate(made.truth)

    assert set(members) <= set(planted)
    assert len(members) > 0.6 * len(planted)


def test_names_order_and_seed_change_no_finding():
    made = comments(6, groups=3)
    random = np.random.default_rng(9)
    name = random.permutation(made.accounts)
    order = random.permutation(len(made.account))
    mixed = Agreeing(
        name[made.account][order],
        made.object[order],
        made.block[order],
        made.post[order],
        made.at_ms[order],
        made.accounts,
        made.dense,
        (),
    )

    before, after = found(made), found(mixed, seed=77)

    assert {frozenset(name[m] for m in c) for c in clusters(before)} == set(clusters(after))


def clusters(of: Agreement) -> list[frozenset[int]]:
    return [frozenset(np.flatnonzero(of.cluster_of == c)) for c in range(1, of.cluster_of.max() + 1)]


def test_what_chance_explains_is_what_the_margins_say():
    """Two blocks by hand: each use in proportion to what the account and the object did there."""
    account = np.array([0, 0, 1, 1, 2, 2, 0, 1])
    object = np.array([0, 1, 0, 1, 0, 1, 2, 2])
    block = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    made = uses(account, object, block, accounts=3, dense=False)

    shared, mean = of_pairs(*np.array([[0, 0], [1, 2]], np.int32), made.of_account, made.margins, made.objects)

    chance = 2 * 3 / 6  # two of six uses by the account, three by the object
    assert shared.tolist() == [3, 2]
    assert mean == pytest.approx([2 * chance**2 + (1 * 2 / 2) ** 2, 2 * chance**2])


def test_an_object_of_several_blocks_is_one():
    account, block = np.array([0, 1, 0, 1, 2, 2]), np.array([0, 1, 1, 0, 0, 1])
    object = np.array([0, 0, 1, 1, 0, 1])
    made = uses(account, object, block, accounts=3, dense=False)

    shared, mean = of_pairs(*np.array([[0], [1]], np.int32), made.of_account, made.margins, made.objects)

    # Each block has three uses: of one object twice, of the other once.
    used = 1 - (1 - 2 / 3) * (1 - 1 / 3)
    assert shared.tolist() == [2]
    assert mean == pytest.approx([2 * used**2])


def test_tail_is_an_upper_bound():
    random = np.random.default_rng(3)
    for chances in random.random((20, 8)) * 0.4:
        law = np.array([1.0])
        for chance in chances:
            law = np.convolve(law, [1 - chance, chance])
        hits = np.arange(9)
        exact = np.cumsum(law[::-1])[::-1]
        assert (10 ** log10_tail(hits, chances.sum()) >= exact - 1e-12).all()


def test_everybodys_texts():
    account = np.concatenate([np.arange(30), np.arange(6), np.arange(5)])
    text = np.repeat([0, 1, 2], [30, 6, 5])
    at_ms = np.concatenate([np.full(30, -1), np.arange(6) * 5 * DAY, np.arange(5) * 3_600_000])

    assert everybodys(account, text, at_ms).tolist() == [True, True, False]


def test_one_account_and_no_account():
    nothing = uses(np.array([], int), np.array([], int), np.array([], int), accounts=0, dense=False)
    one = uses(np.zeros(10_000, int), np.arange(10_000) % 7, np.zeros(10_000, int), accounts=1, dense=True)

    assert [len(agreement(made, 3, 0.05, seed=1).first) for made in (nothing, one)] == [0, 0]
