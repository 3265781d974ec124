"""Reading and counting on Spark, and what is said where there is none."""

import importlib.util
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from acts_in_files import ASKED, asked_of, check_same, made_acts, written

from graphwatch.common.notes import Note
from graphwatch.detection.counting import spark, spark_session
from graphwatch.detection.counting.act_files import read_acts
from graphwatch.detection.counting.pairs import arrange, count_pairs, counting_by
from graphwatch.detection.course import Leg, followed, leg, stage
from graphwatch.errors import GraphwatchError, InputError, StoreError, UsageError
from graphwatch.model.scope import Scope

WINDOW_MS = 5


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
    read = cluster.read(pattern, ASKED.scope, None, tmp_path)
    check_same(columns, read)
    with counting_by(cluster.count):
        found = asked_of(read)
    check_same(asked_of(columns), found)


def test_spark_counts_what_is_read_here(cluster: spark.Cluster):
    random = np.random.default_rng(5)
    account, object, at_ms = random.integers(0, 30, 900), random.integers(0, 12, 900), random.integers(0, 2_000, 900)
    kind = random.integers(0, 2, 900)
    actions = arrange(account, object, at_ms, kind)
    expected = count_pairs(actions, WINDOW_MS, 2)
    with counting_by(cluster.count):
        check_same(expected, count_pairs(actions, WINDOW_MS, 2))


def test_how_far_the_count_is_is_told(cluster: spark.Cluster, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spark, "_LOOK_SECONDS", 0.02)
    random = np.random.default_rng(7)
    actions = arrange(random.integers(0, 40, 2_000), random.integers(0, 15, 2_000), random.integers(0, 3_000, 2_000))
    told: list[int] = []
    legs = {"": Leg(Note("progress.keeping"), 1.0)}
    with followed(legs, lambda what, done, whole: told.append(done)), counting_by(cluster.count):
        leg("")
        stage("counting")
        count_pairs(actions, WINDOW_MS, 2)
    assert sorted(told) == told
    assert len(told) > 3
    assert told[-1] > 100


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
    expected = count_pairs(actions, WINDOW_MS, 2)
    with counting_by(cluster.count):
        check_same(expected, count_pairs(actions, WINDOW_MS, 2))
        os.kill(executors()[0], signal.SIGKILL)
        check_same(expected, count_pairs(actions, WINDOW_MS, 2))


def test_what_spark_cannot_read_is_told(cluster: spark.Cluster, tmp_path: Path):
    with pytest.raises(InputError, match="PATH_NOT_FOUND"):
        cluster.read(str(tmp_path / "none-*.parquet"), Scope(), None, tmp_path)
    pattern = written(tmp_path, made_acts(400).drop_columns(["kind"]))
    with pytest.raises(InputError, match="column 'kind' is missing"):
        cluster.read(pattern, Scope(), None, tmp_path)
    acts = made_acts(400)
    wrong = acts.set_column(0, "account", pa.array(["x:a", "nobody", *["x:b"] * (acts.num_rows - 2)]))
    for spoilt, told in (
        (wrong, "'nobody' is no id"),
        (acts.set_column(2, "kind", pa.array(["X"] * len(acts))), "'X'"),
    ):
        pattern = written(tmp_path, spoilt)
        with pytest.raises(InputError, match=told) as refused:
            cluster.read(pattern, Scope(), None, tmp_path)
        assert refused.value.where == pattern
    whole = written(tmp_path, acts)
    part = tmp_path / "acts-1.parquet"
    part.write_bytes(part.read_bytes()[:4] + b"\x00" * 2_000 + part.read_bytes()[2_004:])
    with pytest.raises(GraphwatchError):
        cluster.read(whole, Scope(), None, tmp_path)
    assert not list(tmp_path.glob("from-spark-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of a process")
def test_a_disk_without_room_is_told(cluster: spark.Cluster, tmp_path: Path):
    import resource

    pattern = written(tmp_path, made_acts(4_000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
    try:
        with pytest.raises(StoreError, match="Make room on the disk"):
            cluster.read(pattern, Scope(), None, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.glob("from-spark-*"))


def test_where_no_act_is_in_scope_there_is_none(cluster: spark.Cluster, tmp_path: Path):
    pattern = written(tmp_path, made_acts(400).append_column("published_ms", pa.array([5] * made_acts(400).num_rows)))
    assert len(cluster.read(pattern, Scope(("MENTIONED",)), None, tmp_path).account) == 0
    check_same(
        read_acts(pattern, Scope(("SHARED",)), None, tmp_path),
        cluster.read(pattern, Scope(("SHARED",)), None, tmp_path),
    )
