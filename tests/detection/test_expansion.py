import numpy as np

from graphwatch.detection.counting import Actions, arrange
from graphwatch.detection.expansion import expand
from graphwatch.detection.group_test import Rule
from graphwatch.detection.null_model import fit_timing

WINDOW = 10_000


def scene(loyal: int) -> Actions:
    """Accounts 0–2 together on twelve old posts, account 3 with them on `loyal` of these, 300 others at random."""
    random = np.random.default_rng(0)
    when = [10**8 + o * 10**6 for o in range(12)]
    rows = [(a, o, t + 1_000 * a) for o, t in enumerate(when) for a in range(3)]
    rows += [(3, o, when[o] + (5_000 if o < loyal else 200_000)) for o in range(12)]
    rows += [(4 + i % 300, i % 12, int(when[i % 12] + random.uniform(-280_000, 280_000))) for i in range(900)]
    return arrange(*(list(c) for c in zip(*rows, strict=True)))


def grown(loyal: int, core: list[int]) -> list[int]:
    actions = scene(loyal)
    rule = Rule(fit_timing(actions, WINDOW, np.zeros(12, np.int64)), min_objects=3, fdr=0.05)
    cluster_of = np.zeros(actions.accounts, np.int32)
    cluster_of[core] = 1
    return np.flatnonzero(expand(actions, cluster_of, rule)).tolist()


def test_an_account_that_the_group_test_finds_with_the_cluster_joins_it() -> None:
    assert grown(8, [0, 1, 2]) == [0, 1, 2, 3]


def test_passers_by_do_not_join() -> None:
    assert grown(0, [0, 1, 2]) == [0, 1, 2]


def test_whom_the_group_test_does_not_find_leaves() -> None:
    assert grown(0, [0, 1, 2, 3, 17]) == [0, 1, 2]
    assert grown(8, [0, 1, 2, 3, 17]) == [0, 1, 2, 3]


def test_a_cluster_of_strangers_falls_apart() -> None:
    assert grown(0, [3, 17, 30, 41]) == []


def test_fewer_than_three_are_no_cluster() -> None:
    assert grown(0, [0, 17, 30]) == []


def test_without_clusters_nothing_grows() -> None:
    assert grown(8, []) == []
