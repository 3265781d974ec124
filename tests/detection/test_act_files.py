"""Acts in files, and acts that do not fit into memory: what is found must not depend on where they lie."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from acts_in_files import ASKED, asked_of, check_same, made_acts, written
from hypothesis import given, settings
from hypothesis import strategies as st

import graphwatch
from graphwatch.common import large_arrays
from graphwatch.detection.counting.act_files import read_acts
from graphwatch.detection.counting.kernels import by_object_and_time
from graphwatch.detection.run import Ran
from graphwatch.errors import InputError, StoreError, UsageError
from graphwatch.model.scope import Scope
from graphwatch.project import Project


@pytest.fixture(scope="module")
def acts_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("acts")
    written(folder, made_acts())
    return folder


@pytest.fixture(scope="module")
def in_memory(acts_folder: Path) -> Ran:
    return asked_of(read_acts(str(acts_folder / "*.parquet"), ASKED.scope, None, acts_folder))


def test_acts_that_do_not_fit_into_memory_have_the_same_answer(acts_folder: Path, in_memory: Ran, tmp_path: Path):
    assert len(in_memory.whole.clusters) == 3
    with large_arrays.within(0, tmp_path):
        columns = read_acts(str(acts_folder / "*.parquet"), ASKED.scope, 0, tmp_path)
        found = asked_of(columns)
    check_same(in_memory, found)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("order", [1, 2])
def test_the_order_of_rows_does_not_matter(acts_folder: Path, in_memory: Ran, tmp_path: Path, order: int):
    acts = made_acts()
    shuffled = acts.take(np.random.default_rng(order).permutation(acts.num_rows))
    check_same(in_memory, asked_of(read_acts(written(tmp_path, shuffled, 3), ASKED.scope, None, tmp_path)))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(-(10**12), 10**12)), max_size=60),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_arrays_on_disk_are_sorted_and_chosen_as_those_in_memory(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int]], chosen: list[bool]
):
    object, at_ms = np.array([o for o, _ in rows], np.int32), np.array([t for _, t in rows], np.int64)
    expected: tuple[Any, ...] = by_object_and_time(object, at_ms)
    mask = np.array(chosen[: len(rows)], bool)
    with pytest.MonkeyPatch.context() as patch, large_arrays.within(0, tmp_path_factory.getbasetemp()):
        patch.setattr(large_arrays, "_LEAST_BYTES", 1)
        patch.setattr(large_arrays, "CHUNK_ROWS", 7)
        found: tuple[Any, ...] = by_object_and_time(object, at_ms)
        assert [column.tolist() for column in found] == [column.tolist() for column in expected]
        assert large_arrays.kept(at_ms, mask).tolist() == at_ms[mask].tolist()
        assert large_arrays.taken(np.arange(10), object).tolist() == object.tolist()


def test_what_was_published_and_what_has_no_time_is_known(tmp_path: Path):
    acts = pa.table(
        {
            "account": ["x:b", "x:a", "x:a"],
            "object": ["x:p", "x:p", "x:q"],
            "kind": ["LIKED", "LIKED", "SHARED"],
            "at_ms": pa.array([5, 5, None], pa.int64()),
            "published_ms": pa.array([3, None, 4], pa.int64()),
        }
    )
    columns = read_acts(written(tmp_path, acts), Scope(), None, tmp_path)
    assert columns.accounts.to_pylist() == ["x:a", "x:b"]
    assert columns.account.tolist() == [0, 1]
    assert columns.published_ms.tolist() == [3]
    assert columns.left_out.untimed == 1


def found_of(project: Project) -> list[list[dict[str, Any]]]:
    return [list(project.query("co-interactions", {"limit": 10_000})), list(project.query("clusters"))]


def test_acts_from_files_come_home_with_what_was_found(acts_folder: Path, tmp_path: Path):
    seed = tmp_path / "posts.csv"
    seed.write_text("post,platform\np00001,x\n")
    loaded = tmp_path / "likes.parquet"
    made = made_acts()
    table = {name: [v.removeprefix("x:") for v in made[name].to_pylist()] for name in ("account", "object", "kind")}
    pq.write_table(pa.table(table | {"at": made["at_ms"]}), loaded)
    with graphwatch.open(tmp_path / "all.gw", create=True) as project:
        project.load(seed, kind="posts")
        project.load(loaded, constants={"platform": "x"}, time="acted")
        whole = project.detect()
        expected = found_of(project)
    with graphwatch.open(tmp_path / "findings.gw", create=True) as project:
        project.load(seed, kind="posts")
        acts = str(acts_folder / "*.parquet")
        found = project.detect(acts=acts, memory=0.001)
        assert (found.run, found.denominators) == (whole.run, whole.denominators)
        assert found_of(project) == expected
        bursts = project.query("MATCH (b:Burst) RETURN b.size AS size, size(b.interactions) AS ids")
        assert [row["size"] for row in bursts] == [row["ids"] for row in bursts]
        assert project.detect(acts=acts, memory=0.001).already
        acts_at_home = project.query("MATCH (:Account)-[r:LIKED|SHARED]->(:Post) RETURN count(r) AS n")
        assert 180 <= next(iter(acts_at_home))["n"] < made.num_rows
    assert not list((tmp_path / "findings.gw").glob("scratch-*"))


BAD: dict[str, tuple[Callable[[pa.Table], pa.Table], str]] = {
    "no_kind": (lambda t: t.drop_columns(["kind"]), "column 'kind' is missing"),
    "time_as_text": (lambda t: t.set_column(3, "at_ms", t["at_ms"].cast(pa.string())), "column 'at_ms' is of type"),
    "unknown_kind": (lambda t: t.set_column(2, "kind", pa.array(["like"] * len(t))), "'like' is no kind of act"),
    "bare_id": (lambda t: t.set_column(0, "account", pa.array(["ani"] * len(t))), "'ani' is no id"),
}


@pytest.mark.parametrize("how", BAD)
def test_files_that_are_no_acts_are_refused(tmp_path: Path, how: str):
    spoilt, said = BAD[how]
    with pytest.raises(InputError, match=said):
        read_acts(written(tmp_path, spoilt(made_acts(400))), Scope(), None, tmp_path)


def test_files_that_are_not_there_or_are_cut_off_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no such file"):
        read_acts(str(tmp_path / "*.parquet"), Scope(), None, tmp_path)
    pattern = written(tmp_path, made_acts(400))
    whole = (tmp_path / "acts-1.parquet").read_bytes()
    (tmp_path / "acts-1.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cannot be read"):
        read_acts(pattern, Scope(), None, tmp_path)
    (tmp_path / "acts-1.parquet").write_bytes(whole[:4] + b"\x00" * 2_000 + whole[2_004:])
    with pytest.raises(InputError, match="cannot be read"):
        read_acts(pattern, Scope(), None, tmp_path)


def test_what_files_cannot_answer_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="acts on posts"):
        read_acts("x", Scope(object="link"), None, tmp_path)
    with pytest.raises(UsageError, match="no path of this machine"):
        read_acts("s3a://bucket/*.parquet", Scope(), None, tmp_path)


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with large_arrays.within(0, tmp_path), pytest.raises(StoreError, match="No space left") as said:
        large_arrays.empty(10_000, np.int64)
    assert "--memory" in str(said.value)
