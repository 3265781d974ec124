import numpy as np
import pytest

from benchmarks.rules import FDR, MIN_OBJECTS
from benchmarks.scenarios import KINDS, Variant, campaign, columns
from graphwatch.detection.counting import arrange, count_pairs
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.run import Found, detect
from graphwatch.detection.triads import affordable, candidates
from graphwatch.model.scope import Scope

MINUTE = 60_000


def found_in(seed: int, variant: Variant, threads: int | None = None) -> tuple[Found, set[int]]:
    scenario = campaign(seed, variant)
    asked = Parameters(MINUTE, MIN_OBJECTS, Scope(KINDS), fdr=FDR)
    found = detect(columns(scenario), asked, run="R-test", data="", version="", threads=threads)
    return found, set(np.concatenate(scenario.truth).tolist())


def test_candidates_are_those_of_which_chance_gives_few() -> None:
    log10_p = np.array([-9.0, -4.1, -3.9, -1.9, 0.0])
    beyond = np.array([True, False, False, False, False])
    assert candidates(log10_p, beyond, 200_000).tolist() == [0, 1]
    assert candidates(log10_p, beyond, 20).tolist() == [0, 1, 2]
    assert candidates(np.empty(0), np.empty(0, bool), 0).tolist() == []


def test_of_too_many_candidates_the_weak_ones_stay() -> None:
    log10_p = np.full(6_000, -9.0)
    beyond = np.ones(6_000, bool)
    beyond[[7, 5_999]] = False
    chosen = candidates(log10_p, beyond, 100)
    assert len(chosen) == 2_000
    assert {7, 5_999} <= set(chosen.tolist())


def test_accounts_that_act_without_end_are_no_candidates() -> None:
    """Three accounts on four posts, one of them a thousand times on each."""
    account = np.concatenate([np.tile([0, 1, 2], 4), np.full(4_000, 2)])
    object = np.concatenate([np.repeat(np.arange(4), 3), np.arange(4_000) % 4])
    actions = arrange(account, object, np.zeros(len(account), int))
    pairs = count_pairs(actions, MINUTE, 3)
    every = np.arange(3)
    assert affordable(actions, pairs, every, 20_000).tolist() == [0, 1, 2]
    assert affordable(actions, pairs, every, 5_000).tolist() == [0, 1]
    assert affordable(actions, pairs, every, 100).tolist() == [0]


def test_groups_are_found_whose_pairs_hardly_stand_out() -> None:
    """Six accounts on ten posts, in four audiences: of their sixty pairs hardly any is beyond chance by itself."""
    beyond, members, right = 0, 0, 0
    for seed in range(4):
        found, planted = found_in(seed, Variant(groups=1, sizes=(6, 6), posts=(10, 10)))
        assert found.null_test is not None
        beyond += int(found.null_test.coordinated.sum())
        members += len(found.clusters.member)
        right += len(planted.intersection(found.clusters.member.tolist()))
        assert (found.clusters.pairs >= 1).all()
        assert (found.clusters.first_ms <= found.clusters.last_ms).all()
    assert beyond < 10
    assert right >= 0.9 * 24
    assert right == members


@pytest.mark.parametrize("threads", [1, 3])
def test_any_number_of_threads_gives_the_same_clusters(threads: int) -> None:
    variant = Variant(spread=60.0, groups=3)
    one, _ = found_in(1, variant)
    other, _ = found_in(1, variant, threads)
    assert one.clusters.member.tolist() == other.clusters.member.tolist() != []
    assert one.clusters.of.tolist() == other.clusters.of.tolist()
    assert one.pairs.n.tolist() == other.pairs.n.tolist()
    assert one.null_test is not None
    assert other.null_test is not None
    assert one.null_test.log10_p.tolist() == other.null_test.log10_p.tolist()
    assert one.null_test.tests == other.null_test.tests
