import os
import threading
import time
from pathlib import Path

import pytest

from graphwatch.common.locks import held, locked
from graphwatch.errors import StoreLocked


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
