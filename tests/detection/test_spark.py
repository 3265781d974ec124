"""Counting on Spark: in pieces, on machines, and what is said where there is none."""

import importlib.util
import os
import shutil
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from acts_in_files import ASKED, asked_of, check_same, made_acts, written
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwatch.detection import spark, spark_kernels, spark_session
from graphwatch.detection.act_files import read_acts
from graphwatch.detection.counting import Actions, Ints, arrange, count_pairs, counting_by
from graphwatch.detection.counting_kernels import windows
from graphwatch.errors import GraphwatchError, InputError, UsageError
from graphwatch.model.scope import Scope

WINDOW_MS = 5


def found_apart(actions: Actions, left: Actions, heavy: Ints, cuts: spark.Cuts, least: int) -> tuple[Ints, Ints, Ints]:
    """What the cluster does, a piece after the other."""
    shared = SimpleNamespace(value=(np.diff(left.start) > 0, heavy, *cuts))
    names = ("account", "object", "kind", "at_ms")
    acts = pa.RecordBatch.from_pydict({name: pa.array(getattr(actions, name)) for name in names})
    placed = pa.Table.from_batches(list(spark._placed(shared, np.unique(left.kind), WINDOW_MS, iter([acts]))))
    parts: dict[tuple[int, int, int], int] = {}
    for piece in range(len(cuts[0]) + 1):
        of_piece = placed.filter(pa.array(placed["piece"].to_numpy() == piece)).to_batches()
        for batch in spark._counted(shared, WINDOW_MS, iter(of_piece)):
            for row in batch.to_pylist():
                key = row["first"], row["second"], row["object"]
                parts[key] = max(parts.get(key, 0), row["n"])
    together: dict[tuple[int, int], int] = defaultdict(int)
    for (a, b, _), n in parts.items():
        together[a, b] += n
    enough = [(a, b, n) for (a, b), n in together.items() if n + (heavy[a] >= 0).sum() >= least]
    first, second, number = np.array(enough, np.int32).reshape(-1, 3).T
    return first, second, number


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.integers(0, 60)), max_size=120),
    st.integers(1, 4),
    st.integers(1, 9),
)
def test_pieces_add_up_to_what_is_counted_at_once(acts: list[tuple[int, int, int]], least: int, pieces: int):
    rows = np.array(acts, np.int64).reshape(-1, 3)
    rows[rows[:, 1] > 3, 1] = 0  # a third of all is on one object
    actions = arrange(rows[:, 0], rows[:, 1], rows[:, 2], accounts=8)
    expected = count_pairs(actions, WINDOW_MS, least)

    def counted(left: Actions, window_ms: int, least: int, threads: int | None) -> tuple[Ints, Ints, Ints, int]:
        def found(left: Actions, heavy: Ints, cuts: spark.Cuts, *_: int) -> tuple[Ints, Ints, Ints]:
            return found_apart(actions, left, heavy, cuts, least)

        return spark.in_pieces(left, window_ms, least, pieces, found)

    with counting_by(counted):
        check_same(expected, count_pairs(actions, WINDOW_MS, least))


def test_an_object_on_which_everybody_acts_is_in_many_pieces_of_equal_work():
    # On four posts everybody acts; of an account's posts the two with most others around it are counted apart.
    random = np.random.default_rng(1)
    object = np.where(np.arange(8_000) < 7_000, np.arange(8_000) % 4, 4 + np.arange(8_000) // 20)
    actions = arrange(random.integers(0, 500, 8_000), object, random.integers(0, 100_000, 8_000))
    work: list[int] = []

    def found(left: Actions, heavy: Ints, cuts: spark.Cuts, window_ms: int, least: int) -> tuple[Ints, Ints, Ints]:
        low, high = windows(left.object, left.at_ms, window_ms)
        row, piece, is_own = spark_kernels.places(left.object, left.at_ms, *cuts, window_ms)
        looks = ~(heavy[left.account] == left.object[:, None]).any(axis=1)
        work.extend(np.bincount(piece[is_own], weights=(looks * (high - low))[row[is_own]]).astype(int).tolist())
        return (np.empty(0, np.int32),) * 3

    spark.in_pieces(actions, 100, 3, 16, found)
    assert len(work) == 16
    assert max(work) < 2 * np.median(work)


def test_where_spark_is_not_installed_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)
    with pytest.raises(UsageError, match=r"graphwatch\[spark\]"), spark.connected("local[1]"):
        pass


def test_no_java_and_an_old_one_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UsageError, match="there is none"):
        spark_session._check_java()
    old = tmp_path / "bin" / "java"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_412\"' >&2\n")
    old.chmod(0o755)
    with pytest.raises(UsageError, match="this one is 8"):
        spark_session._check_java()


def test_a_master_that_is_not_there_is_told_at_once():
    with pytest.raises(UsageError, match="nobody answers"):
        spark_session._check_master("spark://127.0.0.1:9")


HERE = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None


@pytest.fixture(scope="module")
def cluster() -> Iterator[spark.Cluster]:
    """A master, and two machines with a process each."""
    if not HERE:
        pytest.skip("needs Java 17 and pyspark: pip install 'graphwatch[spark]'")
    with spark.connected("local-cluster[2,1,1024]") as connected:
        yield connected


def test_spark_has_the_same_answer_as_one_machine(cluster: spark.Cluster, tmp_path: Path):
    pattern = written(tmp_path, made_acts())
    columns = read_acts(pattern, ASKED.scope, None, tmp_path)
    read = cluster.read(pattern, ASKED.scope)
    check_same(columns, read)
    with counting_by(cluster.count):
        found = asked_of(read)
    check_same(asked_of(columns), found)


def test_spark_counts_what_is_read_here(cluster: spark.Cluster):
    random = np.random.default_rng(5)
    account, object, at_ms = random.integers(0, 30, 900), random.integers(0, 12, 900), random.integers(0, 2_000, 900)
    kind = random.integers(0, 2, 900)
    actions = arrange(account, object, at_ms, kind)
    cluster.share(actions)
    expected = count_pairs(actions, WINDOW_MS, 2)
    with counting_by(cluster.count):
        check_same(expected, count_pairs(actions, WINDOW_MS, 2))


def executors() -> list[int]:
    """The processes that count."""
    running = Path("/proc").glob("[0-9]*/cmdline")
    return [int(line.parent.name) for line in running if b"CoarseGrainedExecutorBackend" in read_or_gone(line)]


def read_or_gone(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc to find the processes that count")
def test_what_a_lost_machine_held_is_counted_by_another(cluster: spark.Cluster):
    random = np.random.default_rng(6)
    actions = arrange(random.integers(0, 40, 2_000), random.integers(0, 15, 2_000), random.integers(0, 3_000, 2_000))
    cluster.share(actions)
    expected = count_pairs(actions, WINDOW_MS, 2)
    with counting_by(cluster.count):
        check_same(expected, count_pairs(actions, WINDOW_MS, 2))
        os.kill(executors()[0], signal.SIGKILL)
        check_same(expected, count_pairs(actions, WINDOW_MS, 2))


def test_what_spark_cannot_read_is_told(cluster: spark.Cluster, tmp_path: Path):
    with pytest.raises(InputError, match="PATH_NOT_FOUND"):
        cluster.read(str(tmp_path / "none-*.parquet"), Scope())
    pattern = written(tmp_path, made_acts(400).drop_columns(["kind"]))
    with pytest.raises(InputError, match="column 'kind' is missing"):
        cluster.read(pattern, Scope())
    whole = written(tmp_path, made_acts(400))
    part = tmp_path / "acts-1.parquet"
    part.write_bytes(part.read_bytes()[:4] + b"\x00" * 2_000 + part.read_bytes()[2_004:])
    with pytest.raises(GraphwatchError):
        cluster.read(whole, Scope())
