"""Answers that are kept: told again as long as the store is as it was, and never longer."""

import threading
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from graph_rows import accounts

import graphwatch
from graphwatch.common.table import Table
from graphwatch.desk import keeping
from graphwatch.desk.asking import Desk
from graphwatch.desk.keeping import DECIDED, Keeping
from graphwatch.errors import GraphwatchError, NothingFound, StoreMissing
from graphwatch.project import Project


class Asking:
    """A question that counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, project: Project) -> int:
        self.times += 1
        return project.info().counts["Account"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    write(tmp_path / "s.gw", "x:1")
    return Desk(str(tmp_path / "s.gw"))


def write(place: str | Path | None, account: str, kind: str = "load") -> None:
    """What another process does: it opens the store itself."""
    with graphwatch.open(place, create=True) as project, project.store.write(kind) as writing:
        writing.add(accounts({"id": account}))


def asked(desk: Desk, ask: Asking, *but: str) -> int:
    with desk.open() as project:
        return desk.keeping.answer(project, "n", ask, but)


def test_an_answer_is_kept_until_anybody_writes(desk: Desk) -> None:
    ask = Asking()
    assert [asked(desk, ask) for _ in range(3)] == [1, 1, 1]
    assert ask.times == 1
    write(desk.place, "x:2")
    assert [asked(desk, ask) for _ in range(2)] == [2, 2]
    assert ask.times == 2


def test_a_decision_leaves_what_no_decision_changes(desk: Desk) -> None:
    ask = Asking()
    assert asked(desk, ask, *DECIDED) == 1
    write(desk.place, "x:2", "decision")
    assert asked(desk, ask, *DECIDED) == 1
    assert asked(desk, ask) == 2
    write(desk.place, "x:3")
    assert asked(desk, ask, *DECIDED) == 3


def test_what_is_written_while_it_is_answered_is_not_missed(desk: Desk) -> None:
    ask = Asking()

    def slow(project: Project) -> int:
        found = ask(project)
        write(desk.place, f"x:late{ask.times}")
        return found

    with desk.open() as project:
        assert [desk.keeping.answer(project, "n", slow) for _ in range(3)] == [1, 2, 3]


def test_another_store_in_the_same_place_is_asked(desk: Desk, tmp_path: Path) -> None:
    ask = Asking()
    assert asked(desk, ask) == 1
    Path(tmp_path / "s.gw").rename(tmp_path / "old.gw")
    with pytest.raises(StoreMissing):
        asked(desk, ask)
    for account in ("y:1", "y:2"):
        write(desk.place, account)
    assert asked(desk, ask) == 2


def test_what_depends_on_the_day_is_asked_on_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Asking()
    asked(desk, ask)
    monkeypatch.setattr(keeping, "today", lambda: date(2031, 1, 1))
    asked(desk, ask)
    assert ask.times == 2


def test_who_asks_the_same_at_the_same_time_waits_for_one_answer(desk: Desk) -> None:
    ask, found = Asking(), list[int]()
    threads = [threading.Thread(target=lambda: found.append(asked(desk, ask))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, ask.times) == ([1] * 8, 1)


def test_no_error_is_kept_and_no_more_than_fits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: Project) -> int:
        raise NothingFound("no")

    monkeypatch.setattr(keeping, "_MOST_BYTES", 10_000)
    kept, times = Keeping(), list[int]()

    def large(_: Project) -> Table:
        times.append(1)
        return Table(pa.table({"n": list(range(600))}))

    with desk.open() as project:
        with pytest.raises(GraphwatchError):
            kept.answer(project, 0, failing)
        for name in (1, 2, 2, 3, 2, 1):
            kept.answer(project, name, large)
    assert len(times) == 4  # three of them do not fit, and of 2 and 3 the first is known when 1 is asked again
