"""The other tools' rules are tested in tests/detect/test_compat.py; here, that the benchmark puts its data to them."""

import numpy as np

from benchmarks.rules import RULES, Flagged
from benchmarks.scenarios import Acts, Scenario

MINUTE = 60_000


def flagged(rule: str, rows: list[tuple[int, int, int]]) -> tuple[set[tuple[int, int]], list[int]]:
    """Pairs and members of clusters of a rule on (account, post, seconds)."""
    account, object, seconds = (np.array(c) for c in zip(*rows, strict=True))
    acts = Acts(account.astype(np.int32), object.astype(np.int32), seconds * 1000, np.zeros(len(rows), np.int8))
    found: Flagged = RULES[rule](Scenario(acts, np.zeros(9, np.int64), 20, ()), MINUTE)
    ends = np.sort(np.stack([found.first, found.second]), axis=0).T.tolist()
    return {(a, b) for a, b in ends}, sorted(found.members.tolist())


# Accounts 10, 3 and 2 on two posts, 10 and 3 on a third; account 7 once; account 5 too late.
ROWS = [(a, o, 1000 * o + s) for o in range(2) for a, s in ((10, 0), (3, 20), (2, 40))]
ROWS += [(10, 2, 9000), (3, 2, 9060), (7, 0, 50), (5, 1, 1101), (5, 2, 9200)]


def test_the_toolkit_flags_pairs_of_accounts_in_either_direction_and_none_with_itself() -> None:
    trio = {(3, 10), (2, 10), (2, 3)}
    assert flagged("toolkit, weight ≥ 1", ROWS) == (trio | {(2, 7), (3, 7), (7, 10)}, [2, 3, 7, 10])
    assert flagged("toolkit, weight ≥ 2", ROWS) == (trio, [2, 3, 10])


def test_coortweet_flags_what_is_above_the_median_weight() -> None:
    assert flagged("CooRTweet", ROWS) == ({(3, 10)}, [])
    assert flagged("CooRTweet", ROWS[:6]) == (set(), [])


def test_the_threshold_flags_pairs_with_three_posts() -> None:
    assert flagged("n ≥ 3", ROWS) == ({(3, 10)}, [])
