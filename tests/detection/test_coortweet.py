"""The tables of the other tools: as they recorded them, as their formulas read, and in small."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from graph_rows import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.peers import toolkit
from graphwatch.detection.peers.coortweet import coortweet_edges, coortweet_pairs
from graphwatch.detection.peers.toolkit import toolkit_edges
from graphwatch.errors import UsageError

Row = tuple[str, str, str | None, int]  # account, object, content, seconds
NAMES = ("b", "B", HOSTILE, "é", "=1+1")
some_rows = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(("o", "p", "c1")),
        st.sampled_from(("c1", "c2", "c3", "c4", "c5", None)),
        st.integers(0, 12),
    ),
    max_size=25,
)


def table(data: Sequence[Row]) -> pa.Table:
    account, object, content, seconds = zip(*data, strict=True) if data else ((), (), (), ())
    text = pa.string()
    columns = [pa.array(account, text), pa.array(object, text), pa.array(content, text)]
    columns += [pa.array([s * 1000 for s in seconds], pa.int64()), pa.array(["SHARED"] * len(data), text)]
    return pa.table(columns, names=["account", "object", "content", "at_ms", "kind"])


def counted(found: pa.Table) -> Counter[tuple[object, ...]]:
    return Counter(tuple(row.values()) for row in found.to_pylist())


def pairs_by_hand(data: list[Row], window: int, least: int) -> list[tuple[int, int]]:
    """Older and newer row of each pair, step by step as the formulas are written down."""
    active = Counter(row[0] for row in data)
    order = {a: i for i, a in enumerate(dict.fromkeys(row[0] for row in data))}
    left = sorted((i for i, row in enumerate(data) if active[row[0]] >= least), key=lambda i: order[data[i][0]])
    content = [row if row[2] is None else row[2] for row in data]
    pairs = []
    for place, i in enumerate(left):
        for j in left[place + 1 :]:
            (a, o, _, t), (b, p, _, u) = data[i], data[j]
            apart = a != b and o == p and abs(t - u) <= window
            if apart and content[i] != content[j] and o not in (content[i], content[j]):
                pairs.append((j, i) if u < t else (i, j))
    matched = {content[i] for pair in pairs for i in pair}
    taking_part = Counter(row[0] for row in {data[i] for i in left if content[i] in matched})
    return [(i, j) for i, j in pairs if max(taking_part[data[i][0]], taking_part[data[j][0]]) >= least]


@given(some_rows, st.integers(0, 6), st.integers(1, 3))
def test_pairs_are_those_of_the_formulas(data: list[Row], window: int, least: int) -> None:
    expected = Counter(
        (data[i][1], data[i][2], data[j][2], data[j][3] - data[i][3], data[i][0], data[j][0])
        for i, j in pairs_by_hand(data, window, least)
    )
    assert counted(coortweet_pairs(table(data), window, least)) == expected


@given(some_rows, st.integers(0, 6), st.integers(1, 3))
def test_edges_are_those_of_the_formulas(data: list[Row], window: int, least: int) -> None:
    edges = defaultdict(list)
    for i, j in pairs_by_hand(data, window, least):
        edges[frozenset((data[i][0], data[j][0]))].append((data[i], data[j]))
    found = coortweet_edges(table(data), window, least).to_pylist()
    assert {frozenset((e["from"], e["to"])) for e in found} == edges.keys()
    assert len(found) == len(edges)
    for edge in found:
        pairs = edges[frozenset((edge["from"], edge["to"]))]
        older, newer = (len({row if row[2] is None else row[2] for row in side}) for side in zip(*pairs, strict=True))
        assert edge["weight"] == len(pairs)
        assert edge["avg_time_delta"] == pytest.approx(sum(j[3] - i[3] for i, j in pairs) / len(pairs))
        assert (edge["n_content_id"], edge["n_content_id_y"]) == (older, newer)
        assert edge["edge_symmetry_score"] == pytest.approx(min(older, newer) / max(older, newer))
        assert sorted(edge["object_ids"].split(",")) == sorted({i[1] for i, _ in pairs})


@given(some_rows, st.integers(0, 6), st.integers(1, 3))
def test_toolkit_edges_are_those_of_the_formula(data: list[Row], window: int, least: int) -> None:
    messages: dict[Any, Row] = {}
    for row in data:
        messages.setdefault(row if row[2] is None else row[2], row)
    matched = defaultdict(set)
    for id, (u, o, _, t) in messages.items():
        for v, p, _, s in messages.values():
            if o == p and abs(t - s) <= window:
                matched[u, v].add(id)
    expected = sorted(((u, v, len(ids)) for (u, v), ids in matched.items() if len(ids) >= least), key=by_bytes)
    assert [tuple(edge.values()) for edge in toolkit_edges(table(data), window, least).to_pylist()] == expected


def by_bytes(edge: tuple[str, str, int]) -> tuple[bytes, bytes]:
    return edge[0].encode(), edge[1].encode()


@given(some_rows, st.integers(1, 3), st.randoms(use_true_random=False))
def test_a_time_shift_changes_nothing_and_the_order_of_rows_only_ties(
    data: list[Row], least: int, order: random.Random
) -> None:
    other = [(a, o, c, t + 86_400) for a, o, c, t in data]
    assert coortweet_pairs(table(other), 5, least).equals(coortweet_pairs(table(data), 5, least))
    order.shuffle(other)
    weights = [
        {(frozenset((e["from"], e["to"])), e["weight"], e["avg_time_delta"], e["weight_threshold"]) for e in found}
        for found in (coortweet_edges(table(d), 5, least).to_pylist() for d in (data, other))
    ]
    assert weights[0] == weights[1]


def test_three_rows_and_two_of_one_object_weigh_six() -> None:
    data = [("a", "o", f"a{i}", i) for i in range(3)] + [("b", "o", f"b{i}", i) for i in range(2)]
    edge = coortweet_edges(table(data), 10, 1).to_pylist()[0]
    assert (edge["weight"], edge["object_ids"]) == (6, "o")
    weights = {(e["user_1"], e["user_2"]): e["weight"] for e in toolkit_edges(table(data), 10, 1).to_pylist()}
    assert weights == {("a", "a"): 3, ("a", "b"): 3, ("b", "a"): 2, ("b", "b"): 2}


def test_on_a_tie_the_account_that_appears_first_in_the_file_is_the_older() -> None:
    data = [("z", "p", "1", 900), ("a", "o", "2", 0), ("z", "o", "3", 0)]
    pair = coortweet_pairs(table(data), 0, 1).to_pylist()[0]
    assert (pair["account_id"], pair["account_id_y"], pair["time_delta"]) == ("z", "a", 0)


def test_symmetry_compares_older_with_newer_contents() -> None:
    data = [("a", "o", "1", 0), ("b", "o", "2", 1), ("b", "p", "3", 0), ("a", "p", "4", 1)]
    edge = coortweet_edges(table(data), 5, 1).to_pylist()[0]
    assert (edge["n_content_id"], edge["n_content_id_y"], edge["edge_symmetry_score"]) == (2, 2, 1.0)


@pytest.mark.parametrize(
    "data",
    [
        [],
        [("a", "o", "1", 0)],
        [("a", "o", "1", 0), ("a", "o", "2", 0)],
        [("a", "o", "1", 0), ("b", "o", "1", 0)],
        [("a", "o", "o", 0), ("b", "o", "2", 0)],
        [("a", "o", "1", 0), ("b", "p", "2", 0)],
    ],
    ids=["nothing", "one row", "one account", "one content", "own content", "two objects"],
)
def test_what_is_no_pair(data: list[Row]) -> None:
    assert coortweet_pairs(table(data), 60, 1).num_rows == 0
    assert coortweet_edges(table(data), 60, 1).num_rows == 0


def test_a_repeated_row_counts_twice_for_one_tool_and_once_for_the_other() -> None:
    data = [("a", "o", "1", 0), ("a", "o", "1", 0), ("b", "o", "2", 1)]
    edge = coortweet_edges(table(data), 5, 1).to_pylist()[0]
    assert (edge["weight"], edge["n_content_id"]) == (2, 1)
    assert toolkit_edges(table(data), 5, 1)["weight"].to_pylist() == [1, 1, 1, 1]


def test_an_account_of_one_row_stays_only_where_one_is_enough() -> None:
    data = [("a", "o", "1", 0), ("a", "p", "2", 500), ("b", "o", "3", 1)]
    assert coortweet_pairs(table(data), 5, 2).num_rows == 0
    assert coortweet_pairs(table(data), 5, 1).num_rows == 1


def test_one_side_with_enough_matched_rows_keeps_the_pair() -> None:
    """`a` has two rows that matched; `b` and `c` have two rows, of which one matched."""
    data = [("a", "o", "1", 0), ("a", "p", "2", 0), ("b", "o", "3", 1), ("b", "q", "4", 0)]
    data += [("c", "p", "5", 1), ("c", "r", "6", 0), ("d", "s", "7", 0), ("d", "t", "8", 0)]
    data += [("e", "s", "9", 1), ("e", "u", "10", 0)]
    kept = {(p["account_id"], p["account_id_y"]) for p in coortweet_pairs(table(data), 5, 2).to_pylist()}
    assert kept == {("a", "b"), ("a", "c")}


def weighing(*weights: int) -> pa.Table:
    """Rows that give one edge of each weight."""
    return table(
        [
            (account, f"o{edge}-{n}", f"{account}{n}", 0)
            for edge, weight in enumerate(weights)
            for n in range(weight)
            for account in (f"a{edge}", f"b{edge}")
        ]
    )


@pytest.mark.parametrize(
    ("weights", "quantile", "above"),
    [
        ((1, 2), 0.5, {2}),  # 1.5 between both
        ((1, 2, 3), 0.5, {3}),
        ((1, 2, 3, 4, 5), 0.9, {5}),  # 4.6
        ((1, 2, 3, 4, 5), 1.0, set()),
        ((1, 2, 3, 4, 5), 0.0, {2, 3, 4, 5}),
        ((2, 2, 2), 0.5, set()),
        ((7,), 0.5, set()),
    ],
)
def test_the_threshold_is_the_type_7_quantile(weights: tuple[int, ...], quantile: float, above: set[int]) -> None:
    edges = coortweet_edges(weighing(*weights), 0, 1, quantile).to_pylist()
    assert {e["weight"] for e in edges if e["weight_threshold"]} == above
    assert sorted(e["weight"] for e in edges) == sorted(weights)


def test_the_window_is_inclusive_and_may_be_a_fraction_of_a_second() -> None:
    data = table([("a", "o", "1", 0), ("b", "o", "2", 0)]).set_column(3, "at_ms", pa.array([0, 1500]))
    assert coortweet_pairs(data, 1.5, 1)["time_delta"].to_pylist() == [1.5]
    assert coortweet_pairs(data, 1.499, 1).num_rows == 0
    assert toolkit_edges(data, 1.5, 1).num_rows == 4


@pytest.mark.parametrize(
    "ask",
    [
        lambda data: coortweet_pairs(data, -1, 1),
        lambda data: coortweet_pairs(data, float("nan"), 1),
        lambda data: coortweet_pairs(data, 60, 0),
        lambda data: coortweet_edges(data, 60, 1, 1.01),
        lambda data: toolkit_edges(data, float("inf"), 1),
        lambda data: toolkit_edges(data, 60, 0),
    ],
)
def test_arguments_out_of_range_are_refused(ask: object) -> None:
    with pytest.raises(UsageError):
        ask(table([("a", "o", "1", 0)]))  # type: ignore[operator]


def test_a_table_that_would_be_too_long_says_how_long_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    data = table([(a, "o", a, 0) for a in "abcd"])
    monkeypatch.setattr(toolkit, "MOST_ROWS", 5)
    with pytest.raises(UsageError, match=r"there are 6 pairs.*at most 5\n.*Shorten the window"):
        coortweet_edges(data, 0, 1)
    with pytest.raises(UsageError, match="there are 16 edges"):
        toolkit_edges(data, 0, 1)


@pytest.fixture(scope="session")
def shares(shared_data: Path) -> pa.Table:
    read = pd.read_csv(shared_data / "russian_coord_tweets.csv.gz", dtype=str)
    named = {"account": "account_id", "object": "object_id", "content": "content_id"}
    columns = {name: pa.array(read[column], pa.string()) for name, column in named.items()}
    seconds = read["timestamp_share"].astype("int64")
    return pa.table({**columns, "at_ms": seconds * 1000, "kind": ["SHARED"] * len(read)})


def assert_equals_recorded(found: pa.Table, recorded: Path) -> None:
    """All rows and columns; the recorder sorted the pairs, the other tables have the tool's own order."""
    expected = pd.read_csv(recorded)
    frame = found.to_pandas()
    if "pairs" in recorded.name:
        frame = frame.sort_values(["object_id", "content_id", "content_id_y"], ignore_index=True)
    pd.testing.assert_frame_equal(frame.astype(expected.dtypes), expected, rtol=1e-14)


@pytest.mark.parametrize(("window", "least"), [(60, 2), (10, 2), (10, 5)])
def test_every_recorded_coortweet_table(shares: pa.Table, shared_data: Path, window: int, least: int) -> None:
    recorded = shared_data / "coortweet" / f"russian_tw{window}_mp{least}"
    assert_equals_recorded(coortweet_pairs(shares, window, least), recorded.with_name(f"{recorded.name}_pairs.csv.gz"))
    assert_equals_recorded(coortweet_edges(shares, window, least), recorded.with_name(f"{recorded.name}_edges.csv.gz"))


@pytest.mark.parametrize("window", [60, 10])
def test_every_recorded_toolkit_table(shares: pa.Table, shared_data: Path, window: int) -> None:
    recorded = shared_data / "toolkit" / f"russian_tw{window}_mw1_edges.csv.gz"
    assert_equals_recorded(toolkit_edges(shares, window, 1), recorded)
