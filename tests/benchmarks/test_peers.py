from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.peers import Edges, Rows, above_quantile, coortweet, toolkit


def rows(data: list[tuple[int, int, int]]) -> Rows:
    account, object, at_ms = (np.array(c) for c in zip(*data, strict=True))
    return Rows(account, object, at_ms, 100 + np.arange(len(account)))


def weights(edges: Edges) -> dict[tuple[int, int], int]:
    ends = zip(edges.first.tolist(), edges.second.tolist(), strict=True)
    return dict(zip(ends, edges.weight.tolist(), strict=True))


@pytest.fixture(scope="module")
def real(shared_data: Path) -> tuple[Rows, np.ndarray]:
    table = pd.read_csv(shared_data / "russian_coord_tweets.csv.gz", dtype=str)
    account, names = pd.factorize(table["account_id"], sort=True)
    codes, _ = pd.factorize(pd.concat([table["object_id"], table["content_id"]]))
    object, content = np.split(codes, 2)
    return Rows(account, object, table["timestamp_share"].astype("int64").to_numpy() * 1000, content), np.array(names)


THREE_AND_TWO = [(0, 9, t) for t in (0, 1, 2)] + [(1, 9, t) for t in (0, 1)]


def test_rows_are_counted_as_the_peers_count_them() -> None:
    assert weights(coortweet(rows(THREE_AND_TWO), 10)) == {(0, 1): 6}
    assert weights(toolkit(rows(THREE_AND_TWO), 10)) == {(0, 1): 3, (1, 0): 2}
    assert weights(toolkit(rows(THREE_AND_TWO), 10, min_weight=3)) == {(0, 1): 3}


def test_the_window_is_inclusive_and_never_reaches_another_object() -> None:
    data = [(0, 0, 0), (1, 0, 5), (2, 0, 11), (3, 1, 0), (4, 1, 5)]
    assert weights(toolkit(rows(data), 5)) == {(0, 1): 1, (1, 0): 1, (3, 4): 1, (4, 3): 1}


def test_equal_weights_give_no_edge_above_the_threshold() -> None:
    assert not len(above_quantile(Edges(np.array([0, 1]), np.array([1, 2]), np.array([4, 4]))).weight)


@pytest.mark.parametrize(("window", "least", "edges"), [(60, 2, 3721), (10, 2, 442), (10, 5, 20)])
def test_edges_of_the_real_file_are_those_that_coortweet_recorded(
    real: tuple[Rows, np.ndarray], shared_data: Path, window: int, least: int, edges: int
) -> None:
    data, names = real
    found = coortweet(data, window * 1000, min_participation=least)
    assert len(found.weight) == edges
    recorded = pd.read_csv(shared_data / "coortweet" / f"russian_tw{window}_mp{least}_edges.csv.gz", dtype=str)
    from_, to, weight = (recorded[c] for c in ("from", "to", "weight"))
    expected = {frozenset(e): int(w) for e, w in zip(zip(from_, to, strict=True), weight, strict=True)}
    assert {frozenset(names[list(e)]): w for e, w in weights(found).items()} == expected


def test_edges_of_the_real_file_are_those_that_the_toolkit_recorded(
    real: tuple[Rows, np.ndarray], shared_data: Path
) -> None:
    data, names = real
    found = weights(toolkit(data, 60_000))
    recorded = pd.read_csv(shared_data / "toolkit" / "russian_tw60_mw1_edges.csv.gz", dtype=str)
    ends = {(a, b) for a, b in recorded.iloc[:, :2].to_numpy() if a != b}
    assert {(names[a], names[b]) for a, b in found} == ends
