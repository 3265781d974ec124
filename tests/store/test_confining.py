"""What an analyst's text does to the engine harms nothing else: it has a process of its own, with limits that hold."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

import graphwatch
from graphwatch.errors import NothingFound, QueryError, QueryMemory, QueryTimeout
from graphwatch.store.embedded import confining
from graphwatch.store.embedded.confining import confined, end_after

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot copy a process")


def children() -> set[str]:
    """The processes that this one has started and not seen end."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.fixture
def _nothing_left_running() -> Iterator[None]:
    before = children()
    yield
    assert children() == before


def test_what_is_made_apart_comes_back_whole() -> None:
    table = pa.table({"text": ["a\0b", None, "é" * 100_000], "list": [[1], [], None]})
    assert confined(lambda: table, seconds=60).equals(table)


def test_an_error_comes_back_with_its_place_and_remedy() -> None:
    def work() -> pa.Table:
        raise NothingFound("there is none", where="here", remedy="Look there.")

    with pytest.raises(NothingFound) as caught:
        confined(work)
    assert (caught.value.what, caught.value.where, caught.value.remedy) == ("there is none", "here", "Look there.")


def test_a_fault_of_the_program_names_its_line() -> None:
    with pytest.raises(RuntimeError, match=r"(?s)test_confining\.py.*ZeroDivisionError"):
        confined(lambda: pa.table({"a": [1 // 0]}))


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL])
def test_a_death_is_a_message(number: signal.Signals) -> None:
    with pytest.raises(QueryError, match=f"signal {number}"):
        confined(lambda: os.kill(os.getpid(), number), seconds=60)


def work_without_end() -> pa.Table:
    """Nothing that could be interrupted from inside."""
    end_after(0.2)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    return pa.table({"n": [sum(1 for _ in range(10**12))]})


@pytest.mark.usefixtures("_nothing_left_running")
def test_time_is_kept_by_the_system() -> None:
    began = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"after 0\.2 s"):
        confined(work_without_end, seconds=0.2)
    assert time.monotonic() - began < 30


@pytest.mark.usefixtures("_nothing_left_running")
def test_memory_is_watched_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confining, "QUERY_MEMORY", 50_000_000)
    with pytest.raises(QueryMemory, match=r"0\.1 GB"):
        confined(lambda: pa.table({"n": [len([[i] for i in range(10**9)])]}), seconds=60)


def test_an_answer_too_large_for_the_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confining, "QUERY_MEMORY", 50_000_000)
    once = ["x" * 1000] * 1000
    with pytest.raises(QueryMemory):
        confined(lambda: pa.Table.from_batches([pa.record_batch({"t": once})] * 100_000), seconds=60)


@pytest.mark.usefixtures("_nothing_left_running")
def test_who_is_interrupted_leaves_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(process: int) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(confining, "_own_memory", interrupted)
    with pytest.raises(KeyboardInterrupt):
        confined(work_without_end, seconds=60)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("UNWIND range(1, 5000000) AS a RETURN collect([a, a, a]) AS n", QueryMemory),
        ("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b) AS n", QueryTimeout),
        (
            "MATCH (a), (b), (c), (d) WHERE a.id < b.id AND c.id < d.id AND a.id < d.id RETURN count(*) AS n",
            QueryTimeout,
        ),
    ],
)
def test_a_query_without_measure_is_stopped_and_the_store_lives_on(
    demo_store: Path, monkeypatch: pytest.MonkeyPatch, text: str, error: type[QueryError]
) -> None:
    monkeypatch.setattr(confining, "QUERY_MEMORY", 150_000_000)
    with graphwatch.open(demo_store) as project:
        with pytest.raises((QueryMemory, QueryTimeout)) as caught:
            project.query(text, timeout=2 if error is QueryTimeout else 60)
        assert caught.type is error
        assert project.query("MATCH (a:Account) RETURN count(a) AS n").to_arrow()["n"][0].as_py() > 0


def test_a_graph_behind_its_journal_is_brought_up_to_date_before_it_is_asked(
    copied_project: Callable[..., graphwatch.Project],
) -> None:
    project = copied_project(_nothing)
    graph = next(Path(project.store.info().place).rglob("graph.lbug"))
    graph.unlink()
    assert project.query("MATCH (a:Account) RETURN count(a) AS n").to_arrow()["n"].to_pylist() == [0]


def _nothing(project: graphwatch.Project, folder: Path) -> None:
    project.load_calendar()


@pytest.mark.usefixtures("_nothing_left_running")
def test_ctrl_c_amid_the_copying_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    copied = os.fork

    def fork() -> int:
        child = copied()
        if child:
            signal.raise_signal(signal.SIGINT)
        return child

    monkeypatch.setattr(os, "fork", fork)
    # What starts the tests in the background may have told all processes to ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            confined(_long)
    finally:
        signal.signal(signal.SIGINT, before)


def _long() -> pa.Table:
    time.sleep(60)
    return pa.table({})


def test_ctrl_c_ends_a_query_from_the_command_line(demo_store: Path) -> None:
    text = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b) AS n"
    command = [str(Path(sys.executable).parent / "graphwatch"), "query", text, "--store", str(demo_store)]

    def interruptible() -> None:
        # What starts the tests in the background may have told all processes to ignore it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=interruptible) as asking:
        asked = Path(f"/proc/{asking.pid}/task/{asking.pid}/children")
        while asking.poll() is None and not asked.read_text().split():
            time.sleep(0.02)
        os.killpg(asking.pid, signal.SIGINT)
        _, said = asking.communicate(timeout=120)
    assert asking.returncode == 130
    assert b"Traceback" not in said
