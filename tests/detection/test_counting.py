from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.counting import pair_kernels
from graphwatch.detection.counting.kernels import by_object_and_time
from graphwatch.detection.counting.pairs import Pairs, arrange, count_pairs

Row = tuple[int, int, int, int]  # account, object, at_ms, kind
rows = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 30), st.integers(0, 2)), max_size=60)
codes = st.integers(0, 5) | st.integers(0, 2**31 - 1)
times = st.integers(-3, 3) | st.integers(-(2**62), 2**62)


def count(data: list[Row], window: int, least: int, **options: int) -> Pairs:
    account, object, at_ms, kind = (list(c) for c in zip(*data, strict=True)) if data else ([], [], [], [])
    return count_pairs(arrange(account, object, at_ms, kind, accounts=6), window, least, **options)


def by_hand(data: list[Row], window: int, least: int) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Every pair of rows, as the definition reads."""
    met: dict[tuple[int, int], dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    acted = defaultdict(set)
    for account, object, _, _ in data:
        acted[account].add(object)
    for a, o, t, k in data:
        for b, p, u, m in data:
            if a < b and o == p and abs(t - u) <= window:
                met[a, b][o].append((abs(t - u), np.sign(u - t), t, u, k, m))
    answer: dict[tuple[int, int], tuple[Any, ...]] = {}
    for (a, b), objects in met.items():
        if len(objects) < least:
            continue
        nearest = [min(m[0] for m in found) for found in objects.values()]
        leads = []
        for found, gap in zip(objects.values(), nearest, strict=True):
            signs = {m[1] for m in found if m[0] == gap}
            leads.append({(1,): 1.0, (-1,): 0.0}.get(tuple(signs), 0.5))
        every = [m for found in objects.values() for m in found]
        answer[a, b] = (
            len(objects),
            len(acted[a] & acted[b]),
            float(np.median(nearest)) / 1000,
            float(np.mean(leads)),
            sum({1 << k for m in every for k in m[4:]}),
            min(min(m[2], m[3]) for m in every),
            max(max(m[2], m[3]) for m in every),
        )
    return answer


def as_found(pairs: Pairs) -> dict[tuple[int, int], tuple[Any, ...]]:
    columns = ("n", "shared", "median_gap_s", "first_share", "kinds", "first_ms", "last_ms")
    values = zip(*(getattr(pairs, c).tolist() for c in columns), strict=True)
    return dict(zip(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True), values, strict=True))


@given(rows, st.integers(0, 12), st.integers(1, 3))
def test_pairs_are_those_that_the_definition_gives(data: list[Row], window: int, least: int) -> None:
    found, expected = as_found(count(data, window, least)), by_hand(data, window, least)
    assert found.keys() == expected.keys()
    for pair, values in expected.items():
        assert found[pair] == pytest.approx(values)


@given(rows, st.randoms(use_true_random=False))
def test_neither_order_nor_duplicates_nor_time_shift_matter(data: list[Row], random: object) -> None:
    other = [(a, o, t + 1_000_000, k) for a, o, t, k in data + data[: len(data) // 2]]
    random.shuffle(other)  # type: ignore[attr-defined]
    before, after = as_found(count(data, 5, 1)), as_found(count(other, 5, 1))
    assert {p: v[:5] for p, v in before.items()} == {p: v[:5] for p, v in after.items()}


@given(rows, st.integers(1, 7))
def test_the_number_of_threads_does_not_matter(data: list[Row], threads: int) -> None:
    assert as_found(count(data, 5, 1, threads=threads)) == as_found(count(data, 5, 1, threads=1))


def test_pairs_come_in_order_and_an_account_never_pairs_with_itself() -> None:
    pairs = count([(a, 0, 0, 0) for a in (3, 1, 2, 1, 3)], 0, 1)
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == [(1, 2), (1, 3), (2, 3)]


def test_the_window_is_inclusive_to_the_millisecond() -> None:
    assert len(count([(0, 0, 0, 0), (1, 0, 60_000, 0)], 60_000, 1)) == 1
    assert len(count([(0, 0, 0, 0), (1, 0, 60_001, 0)], 60_000, 1)) == 0


def test_three_and_two_actions_on_one_post_are_one_object() -> None:
    data = [(0, 0, t, 0) for t in (0, 1, 2)] + [(1, 0, t, 0) for t in (0, 1)]
    assert count(data, 10, 1).n.tolist() == [1]


def test_nothing_gives_nothing() -> None:
    assert len(count([], 60_000, 1)) == 0


def test_a_negative_window_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        count([], -1, 1)


@pytest.mark.parametrize(
    ("window", "least", "expected"),
    [(60, 1, 6206), (60, 2, 32), (60, 3, 3), (10, 1, 1092), (10, 2, 2), (10, 3, 1)],
)
def test_counts_on_the_real_file(shared_data: Path, window: int, least: int, expected: int) -> None:
    table = pd.read_csv(shared_data / "russian_coord_tweets.csv.gz", dtype=str)
    account, names = pd.factorize(table["account_id"], sort=True)
    object, _ = pd.factorize(table["object_id"], sort=True)
    at_ms = table["timestamp_share"].astype("int64").to_numpy() * 1000
    pairs = count_pairs(arrange(account, object, at_ms), window * 1000, least)
    assert len(pairs) == expected
    if least == 1:
        recorded = pd.read_csv(shared_data / "toolkit" / f"russian_tw{window}_mw1_edges.csv.gz", dtype=str)
        ends = recorded.iloc[:, :2].to_numpy()
        peers = {tuple(sorted(pair)) for pair in ends if pair[0] != pair[1]}
        ours = set(zip(names[pairs.first], names[pairs.second], strict=True))
        assert ours == peers


@pytest.mark.parametrize("least", [1, 2, 3, 4, 12])
def test_objects_that_everybody_meets_on_are_counted_like_others(least: int) -> None:
    """Each account's heaviest objects are looked at last; here all are heavy, and some far heavier than others."""
    random = np.random.default_rng(least)
    size, accounts, objects, window = 4_000, 90, 14, 400
    account, at_ms = random.integers(0, accounts, size), random.integers(0, 20_000, size)
    object = np.minimum(random.geometric(0.2, size), objects) - 1
    together = np.zeros((accounts, accounts), int)
    for o in range(objects):
        who, when = account[object == o], at_ms[object == o]
        near = np.abs(when[:, None] - when[None, :]) <= window
        met = np.zeros((accounts, accounts), bool)
        np.logical_or.at(met, (np.broadcast_to(who[:, None], near.shape), np.broadcast_to(who, near.shape)), near)
        together += met
    first, second = np.nonzero(np.triu(together >= least, 1))
    pairs = count_pairs(arrange(account, object, at_ms), window, least)
    assert pairs.first.tolist() == first.tolist()
    assert pairs.second.tolist() == second.tolist()
    assert pairs.n.tolist() == together[first, second].tolist()


@given(st.lists(st.tuples(codes, times), max_size=40))
def test_the_order_is_that_of_lexsort_and_equal_rows_keep_theirs(data: list[tuple[int, int]]) -> None:
    object, at_ms = np.array([o for o, _ in data], np.int32), np.array([t for _, t in data], np.int64)
    order, objects, times = by_object_and_time(object, at_ms)
    expected = np.lexsort((at_ms, object))
    assert order.tolist() == expected.tolist()
    assert objects.tolist() == object[expected].tolist()
    assert times.tolist() == at_ms[expected].tolist()


@pytest.mark.parametrize("span", [1, 2**11, 2**33])
def test_many_rows_of_several_digits(span: int) -> None:
    random = np.random.default_rng(0)
    object, at_ms = random.integers(0, 5_000, 50_000).astype(np.int32), random.integers(-span, span, 50_000)
    assert (by_object_and_time(object, at_ms)[0] == np.lexsort((at_ms, object))).all()


@given(st.data(), st.sets(st.integers(0, 700), min_size=1, max_size=90))
def test_places_are_the_same_whether_an_account_is_marked_or_searched(data: st.DataObject, acted: set[int]) -> None:
    """The first account acts on some rows of 701, the second on the others; these are looked up among the first's."""
    theirs, ours = np.array(sorted(acted)), np.array(sorted(set(range(701)) - acted))
    row, start = np.concatenate([theirs, ours]).astype(np.int32), np.array([0, len(theirs), 701])
    asked = np.array(data.draw(st.lists(st.integers(0, 701), min_size=1, max_size=50)), np.int32)
    bits, before = pair_kernels.room_for_places(701)
    # What another account left there plays no part.
    bits[:], before[:] = 2**64 - 1, 99
    assert pair_kernels.mark(0, np.array([1]), np.array([0]), start, row, bits, before)
    for marked in (True, False):
        places = np.full(len(asked), -1)
        pair_kernels.look_up(asked, 0, len(asked), row, 0, len(theirs), marked, bits, before, places)
        assert places.tolist() == np.searchsorted(theirs, asked).tolist()


def test_an_account_is_marked_only_where_enough_is_looked_up() -> None:
    """Of 6,400 rows there are 101 words: pairs with 100 actions to look up are searched, with 101 the bits are set."""
    row, start = np.arange(6_400, dtype=np.int32), np.array([0, 6_249, 6_300, 6_349, 6_400])
    bits, before = pair_kernels.room_for_places(6_400)
    none = np.zeros(2, np.int64)
    assert not pair_kernels.mark(0, np.array([1, 2]), none, start, row, bits, before)
    assert pair_kernels.mark(0, np.array([1, 3]), none, start, row, bits, before)
