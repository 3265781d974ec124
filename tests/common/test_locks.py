import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphwatch.common import locks
from graphwatch.common.locks import Holder, Holding, held, locked
from graphwatch.errors import StoreLocked


@contextmanager
def at_work(store: Path, work: Callable[[Holding], object]) -> Iterator[None]:
    """Somebody else holds the store's lock, and lets go of it when the work is done."""
    begun = threading.Event()

    def hold() -> None:
        with locked(store, exclusive=True) as holding:
            holding.tell(0, 10)
            begun.set()
            work(holding)

    other = threading.Thread(target=hold)
    other.start()
    begun.wait()
    yield
    other.join()


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for is looked at often, and soon held to be stuck."""
    monkeypatch.setattr(locks, "_LOOK_SECONDS", 0.02)
    monkeypatch.setattr(locks, "LOCK_STILL_SECONDS", 1.0)


def test_whoever_waits_in_vain_learns_who_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["graphwatch", "store", "secret.csv"])
    lock = tmp_path / "a.lock"
    with held(lock, name="the log", doing="writing"):
        named = rf"the log is held by process {os.getpid()} \(graphwatch store, writing since"
        with pytest.raises(StoreLocked, match=named), held(lock, name="the log", doing="reading", wait=0):
            pytest.fail("two holders")
    assert lock.read_bytes() == b"", "nobody holds it any more, and nobody is named"
    with held(lock, name="the log", doing="writing", wait=0):
        pass


def test_a_lock_file_of_another_program_still_locks(tmp_path: Path) -> None:
    import portalocker

    lock = tmp_path / "a.lock"
    lock.write_text("not JSON")
    with (
        portalocker.Lock(lock, mode="a"),
        pytest.raises(StoreLocked, match="another process"),
        held(lock, name="the log", doing="writing", wait=0),
    ):
        pytest.fail("two holders")


def test_readers_one_after_the_other_do_not_keep_a_writer_out(tmp_path: Path) -> None:
    over, reading = threading.Event(), [0, 0]

    def read(number: int) -> None:
        # One of both reads at any time.
        time.sleep(0.15 * number)
        while not over.is_set():
            with locked(tmp_path, exclusive=False, wait=20):
                reading[number] += 1
                time.sleep(0.3)

    readers = [threading.Thread(target=read, args=(number,)) for number in (0, 1)]
    for reader in readers:
        reader.start()
    try:
        time.sleep(0.5)
        for _ in range(3):
            with locked(tmp_path, exclusive=True, wait=1.5):
                pass
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert min(reading) > 0


def test_who_reads_and_reads_besides_waits_for_no_writer_that_waits_for_it(tmp_path: Path) -> None:
    def write() -> None:
        with pytest.raises(StoreLocked), locked(tmp_path, exclusive=True, wait=1):
            pytest.fail("beside a reader")

    writer = threading.Thread(target=write)
    with locked(tmp_path, exclusive=False):
        writer.start()
        time.sleep(0.1)
        with locked(tmp_path, exclusive=False):
            pass
        writer.join()


@pytest.mark.usefixtures("_soon")
def test_who_gets_on_is_waited_for(tmp_path: Path) -> None:
    def slowly(holding: Holding) -> None:
        for done in range(1, 9):
            time.sleep(0.2)
            holding.tell(done, 10)

    told: list[Holder] = []
    with at_work(tmp_path, slowly), locked(tmp_path, exclusive=False, wait=0.1, waiting=told.extend):
        pass
    assert {(holder.pid, holder.rows) for holder in told} == {(os.getpid(), 10)}
    assert {holder.done for holder in told} >= {1, 4, 7}
    assert list((tmp_path / "holders").iterdir()) == []


@pytest.mark.usefixtures("_soon")
def test_what_grows_is_waited_for(tmp_path: Path) -> None:
    """A batch that is written tells no number."""
    sizes = iter(range(30))

    def slowly(holding: Holding) -> None:
        holding.tell()
        time.sleep(1.5)

    with at_work(tmp_path, slowly), locked(tmp_path, exclusive=True, wait=0.3, under_way=lambda: next(sizes, 30)):
        pass


@pytest.mark.usefixtures("_soon")
def test_who_is_stuck_is_waited_for_in_vain(tmp_path: Path) -> None:
    over = threading.Event()

    def stuck(holding: Holding) -> None:
        holding.tell(3, 10)
        over.wait()

    with at_work(tmp_path, stuck):
        begun = time.monotonic()
        with (
            pytest.raises(StoreLocked, match="3 of 10 rows are in the graph"),
            locked(tmp_path, exclusive=False, wait=0.1),
        ):
            pytest.fail("two holders")
        over.set()
    assert 0.9 < time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ('{"pid": %d, "command": "a", "mode": "b", "since": "c", "done": "x", "rows": 1}', 0),
        ('{"pid": 0, "command": "a", "mode": "b", "since": "c"}', 0),
        ('{"pid": 99999999999999999999, "command": "a", "mode": "b", "since": "c"}', 0),
        ('{"pid": %d, "command": "a", "mode": "b", "since": "c", "of a later version": [1]}', 1),
    ],
)
def test_a_damaged_note_of_a_holder_is_passed_over(tmp_path: Path, damage: str, told: int) -> None:
    (tmp_path / "1-1.json").write_text(damage.replace("%d", str(os.getpid())))
    assert len([str(holder) for holder in locks._holders(tmp_path)]) == told
