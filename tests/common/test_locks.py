import os
from pathlib import Path

import pytest

from graphwatch.common.locks import held
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
